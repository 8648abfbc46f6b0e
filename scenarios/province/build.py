"""The files of the province scenario, written from a table of counties and the rules of binhai.

    python scenarios/province/build.py    reads counties.csv (see counties.py) and binhai/scenario.yaml;
                                          writes scenario.yaml and policies/mobile-team.yaml

Twelve invented counties. Each has a bureau like binhai's: offices, one or two branches, a hall, sections,
leaders. What comes in is said in `matters`; who works where follows from that work, times the county's staff
ratio.
"""

import copy
import sys
from pathlib import Path

import yaml
from matters import (
    SECTIONS,
    SHARED,
    Binhai,
    assumed,
    bureau_of,
    kinds,
    plain,
    read_counties,
    text,
    units_of,
    volumes,
    work,
)

from sim.scenario import InputError

FOLDER = Path(__file__).parent
BINHAI = FOLDER.parent / "binhai" / "scenario.yaml"
HOURS = {"window": 1565, "field": 1285, "review": 1565}  # a year on duty: less leave, study, training, patrol
BUSY = {"window": 0.78, "field": 0.78, "review": 0.7}  # of them, at a staff ratio of 1
LENDING, VISITED = 6, 4  # halls that lend two people each; offices that those visit
FITS = 140  # characters a line of YAML


def staff(rows: list[dict], binhai: Binhai) -> dict[str, dict]:
    """Who works where: as many as the work needs, times the county's staff ratio, and never nobody."""
    hours, found = work(rows, binhai), {}

    def needed(unit: str, role: str, ratio: float) -> int:
        return round(hours[f"{unit}/{role}"] / HOURS[role] / BUSY[role] * ratio)

    def add(unit: str, name: str, role: str, grade: str, count: int = 1, also: tuple[str, ...] = ()) -> None:
        if count:
            found[f"{unit}_{name}"] = {"unit": unit, "role": role, "grade": grade, "count": count}
            if also:
                found[f"{unit}_{name}"]["also_serves"] = [f"{unit}/{station}" for station in also]

    for row in rows:
        ratio, county = row["staff_ratio"], row["county"]
        for unit in units_of(row):
            window, field = needed(unit, "window", ratio), needed(unit, "field", ratio) - 1
            add(unit, "window", "window", "clerk", max(1, window), also=("field",) if field <= 0 else ())
            add(unit, "field", "field", "clerk", max(0, field))
            add(unit, "deputy", "field", "senior", also=("head", "window"))
            add(unit, "head", "head", "mid_level", also=("field",))
        hall = f"{county}_hall"
        add(hall, "window", "window", "clerk", max(2, needed(hall, "window", ratio) - 2))
        add(hall, "mobile", "window", "clerk", 2)
        add(hall, "survey", "field", "clerk", max(1, needed(hall, "field", ratio)))
        add(hall, "head", "head", "mid_level", also=("window",))
        for section in (f"{county}_{name}" for name in SECTIONS):
            add(section, "review", "review", "senior", max(1, needed(section, "review", ratio)), ("head",))
            out = ("field",) if hours[f"{section}/field"] else ()
            if out:
                add(section, "field", "field", "clerk", max(1, needed(section, "field", ratio)), ("window",))
            add(section, "head", "head", "mid_level", also=("review", "window", *out))
        add(f"{county}_general_office", "review", "review", "senior", 1, ("head",))
        add(f"{county}_general_office", "head", "head", "mid_level")
        add(f"{county}_bureau", "leader", "leader", "leader", 3)
    add("province", "review", "review", "senior", max(1, needed("province", "review", 1.0)))
    add("province", "leader", "leader", "leader", 5)
    return found


def derived(rows: list[dict], binhai: Binhai) -> dict:
    """The blocks of scenario.yaml after the head."""
    came, units, demand = volumes(rows, binhai), {}, {}
    for row in rows:
        units |= units_of(row) | bureau_of(row, binhai)
    units = {name: {"type": part["type"], "title": part["title"]} for name, part in units.items()}
    theirs, ours = (
        sum("scorecard" in binhai["unit_types"][part["type"]] for part in some.values())
        for some in (binhai["units"], units)
    )
    units["province"] = {"type": "leaders", "title": text("Provincial department", "省厅")}
    for (kind, unit), number in came.items():
        name = kind if kind in SHARED else f"{unit.split('_')[0]}_{kind}"
        block = demand.setdefault(name, {"profile": binhai["demand"][kind]["profile"], "volumes": {}})
        block["volumes"][unit] = number
        if "dispersion" in binhai["demand"][kind]:
            block["dispersion"] = copy.deepcopy(binhai["demand"][kind]["dispersion"])
    for name, block in demand.items():
        why = f"Binhai's volume a head, for the people of {name.split('_')[0].capitalize()}."
        if name in SHARED:
            why = "Binhai's volume a head of each county; slips are so many to each unit."
        block["volumes"] = assumed(block["volumes"], (0.5, 1.6), why, unit="requests a year")
    assessment = copy.deepcopy(binhai["assessment"])
    assessment["bottom_count"] = {
        "value": round(plain(binhai["assessment"]["bottom_count"]) / theirs * ours),
        "unit": "units",
        "source": f"article 三、五、二 (倒数后三名) as a share: 3 of {theirs} scored units, here of {ours}",
    }
    copied = ("roles", "grades", "unit_types")
    after = ("profiles", "study", "training", "duties", "scorecards")
    return {
        "calendar": binhai["calendar"],
        **{name: binhai[name] for name in copied},
        "units": units,
        "staff": assumed(
            staff(rows, binhai),
            (0.75, 1.3),
            "The work of the unit at binhai's minutes, 70 to 78 % busy, times the county's staff ratio.",
        ),
        "kinds": kinds(rows, binhai),
        "demand": demand,
        **{name: binhai[name] for name in after},
        "service_rules": {"information_sharing": binhai["service_rules"]["information_sharing"]},
        "assessment": assessment,
        "pay": binhai["pay"],
    }


def mobile_team(rows: list[dict], binhai: Binhai) -> dict:
    """The policy: two people of each of the least busy halls go round the busiest offices of the province."""
    hours, groups = work(rows, binhai), staff(rows, binhai).values()
    busy = {}
    for unit in {group["unit"]: None for group in groups}:
        front = sum(group["count"] for group in groups if (group["unit"], group["role"]) == (unit, "window"))
        busy[unit] = hours[f"{unit}/window"] / max(front, 1)
    halls = sorted((unit for unit in busy if unit.endswith("_hall")), key=lambda unit: busy[unit])[:LENDING]
    areas = [unit for row in rows for unit in units_of(row)]
    busiest = sorted(areas, key=lambda unit: -busy[unit])[: LENDING * VISITED]
    changes: dict[str, object] = {}
    for turn, hall in enumerate(halls):
        changes[f"staff.{hall.removesuffix('_hall')}_hall_mobile.also_serves"] = assumed(
            [f"{unit}/window" for unit in busiest[turn::LENDING]],
            (1, 1),
            "Which offices: those with the most window work a clerk, dealt out in turn.",
        )
        changes[f"staff.{hall.removesuffix('_hall')}_hall_mobile.speed"] = {
            "value": 0.85,
            "unit": "1",
            "source": "assumed",
            "range": [0.7, 1],
            "reason": "An hour or so of the day is spent on the road; files come by network in between.",
        }
    reason = text(
        f"Two clerks of each of the {LENDING} least busy county halls also serve the windows of {VISITED} of "
        "the busiest offices, in whatever county: nobody is hired, a seventh of their time goes into travel.",
        f"从负荷最低的{LENDING}个县服务窗口各抽两人组成机动队，每队兼办全省最忙的{VISITED}个国土所窗口，"
        "不增加人员，约七分之一时间用于路途。",
    )
    title = text("Mobile teams between counties", "跨县机动队")
    return {"format": "jingxi-policy/1", "title": title, "reason": reason, "changes": changes}


class Layout(yaml.SafeDumper):
    """YAML with lists, and mappings that fit, in one line."""

    def represent_mapping(self, tag, mapping, flow_style=None):
        nested = any(isinstance(value, dict) for value in mapping.values())
        return super().represent_mapping(tag, mapping, flow_style=not nested and len(str(mapping)) <= FITS)

    def represent_sequence(self, tag, sequence, flow_style=None):
        return super().represent_sequence(tag, sequence, flow_style=True)

    def ignore_aliases(self, data):
        return True


def dump(content: dict) -> str:
    written = yaml.dump(content, Dumper=Layout, sort_keys=False, allow_unicode=True, width=10 * FITS)
    return (
        "# Written by build.py from counties.csv and binhai: run it again instead of editing here.\n"
        + written
    )


def files() -> dict[str, str]:
    """Everything that is written: file name in the scenario's folder, content."""
    rows, binhai = read_counties(), yaml.safe_load(BINHAI.read_text(encoding="utf-8"))
    head = (FOLDER / "head.yaml").read_text(encoding="utf-8")
    return {
        "scenario.yaml": head + "\n" + dump(derived(rows, binhai)),
        "policies/mobile-team.yaml": dump(mobile_team(rows, binhai)),
    }


if __name__ == "__main__":
    try:
        written = files()
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    for name, content in written.items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"{name}: {len(content.encode()):,} bytes")
