"""The units of the province, the matters that come to them, and the hours of work these bring.

What comes in is binhai's volume a head of population (homesteads and farmland: a head of rural population). A
section serves its own county only, so what passes a section is a kind of matter for each county; the rest is
shared.
"""

import copy
import csv
import re
from collections import Counter
from pathlib import Path

from sim.scenario import InputError

FOLDER = Path(__file__).parent
TOWNS = {
    "chengguan": "城关", "dongqiao": "东桥", "nanwan": "南湾", "xizhuang": "西庄", "beihe": "北河",
    "shangping": "上坪", "xiatang": "下塘", "daling": "大岭", "xiaodu": "小渡", "xinji": "新集",
    "laojie": "老街", "qingshui": "清水", "baitu": "白土", "huangni": "黄泥", "shiqiao": "石桥",
    "gaozhai": "高寨", "songlin": "松林",
}  # fmt: skip
SECTIONS = ("registration", "land_use", "enforcement", "petitions")
OF_A_COUNTY = ("registration", "homestead", "petition", "enforcement")  # kinds that pass its sections
SHARED = ("farmland", "fees", "assignment", "mineral")
RURAL = ("homestead", "farmland")
NUMBERS = {  # columns of counties.csv: what they are, from, to
    "population": (int, 10_000, 5_000_000),
    "rural_share": (float, 0, 1),
    "offices": (int, 1, len(TOWNS)),
    "staff_ratio": (float, 0.2, 5),
}
BINHAI_PEOPLE, BINHAI_RURAL = 1_000_000, 0.55  # the people that binhai's volumes were sized for
Binhai = dict[str, dict]


def read_counties(file: Path = FOLDER / "counties.csv") -> list[dict]:
    """The rows of the table, numbers as numbers. Raises InputError with the line of a wrong one."""
    with file.open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        if reader.fieldnames != ["county", "en", "zh", *NUMBERS]:
            remedy = f"Write county,en,zh,{','.join(NUMBERS)}"
            raise InputError("the columns are others than expected", file=file, line=1, remedy=remedy)
        rows = [_checked(row, file, line) for line, row in enumerate(reader, 2)]
    names = [row["county"] for row in rows]
    for line, name in enumerate(names, 2):
        if name in names[: line - 2]:
            raise InputError(f"the county '{name}' stands twice", file=file, line=line, remedy="Rename one")
    return rows


def _checked(row: dict[str, str], file: Path, line: int) -> dict:
    if not re.fullmatch("[a-z]{1,20}", row["county"] or "") or not row["en"] or not row["zh"]:
        remedy = "Up to 20 small letters, as it is part of the names of units, and a name in both languages"
        raise InputError(f"'{row['county']}' cannot name a county", file=file, line=line, remedy=remedy)
    read = dict(row)
    for column, (kind, least, most) in NUMBERS.items():
        try:
            read[column] = kind(row[column])
        except (TypeError, ValueError):
            read[column] = None
        if read[column] is None or not least <= read[column] <= most:
            number = "a whole number" if kind is int else "a number"
            remedy = f"Give {number} from {least:,} to {most:,}"
            raise InputError(
                f"'{row[column]}' cannot stand here", file=file, line=line, path=column, remedy=remedy
            )
    return read


def plain(data: object) -> object:
    """Binhai's blocks without the evidence."""
    if isinstance(data, dict):
        return plain(data["value"]) if "value" in data else {key: plain(part) for key, part in data.items()}
    return data


def text(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def assumed(value: object, factor: tuple[float, float], reason: str, **more: str) -> dict:
    return {"value": value, **more, "source": "assumed", "factor": list(factor), "reason": reason}


def units_of(row: dict) -> dict[str, dict]:
    """The units of a county, by name: their type, title, and share of its people (None: not an own area)."""
    county, en, zh = (row[key] for key in ("county", "en", "zh"))
    seat, *others = TOWNS
    turn = sum(map(ord, county)) % len(others)  # not the same towns everywhere
    towns = [seat, *others[turn:], *others[:turn]][: row["offices"]]
    weights = {f"{county}_{town}": (rank + 2.5) ** -0.6 for rank, town in enumerate(towns)}
    branches = {
        "zone": ("Development Zone branch", "开发区分局"),
        "new_town": ("New Town branch", "新城分局"),
    }
    branches = dict(list(branches.items())[: 1 if row["population"] < 600_000 else 2])
    weights |= {f"{county}_{branch}": 0.3 for branch in branches}
    total = sum(weights.values())
    found = {}
    for town in towns:
        title = text(f"{en}: {town.capitalize()} office", f"{zh}{TOWNS[town]}国土所")
        found[f"{county}_{town}"] = {"type": "office", "title": title}
    for branch, names in branches.items():
        title = text(f"{en}: {names[0]}", f"{zh}局{names[1]}")
        found[f"{county}_{branch}"] = {"type": "branch", "title": title}
    for unit in found:
        found[unit]["share"] = weights[unit] / total
    return found


def bureau_of(row: dict, binhai: Binhai) -> dict[str, dict]:
    """Hall, sections, general office and leaders of a county."""
    county, en, zh = (row[key] for key in ("county", "en", "zh"))
    found = {}
    for name in ("hall", *SECTIONS, "general_office", "bureau"):
        unit = binhai["units"][name]
        title = unit["title"]
        found[f"{county}_{name}"] = {
            "type": unit["type"],
            "title": text(f"{en}: {title['en']}", f"{zh}局{title['zh'].removeprefix('县局')}"),
            "share": None,
        }
    return found


def volumes(rows: list[dict], binhai: Binhai) -> dict[tuple[str, str], float]:
    """Expected requests a year by (binhai's kind, unit)."""
    found = {}
    for kind in OF_A_COUNTY + SHARED:
        theirs = plain(binhai["demand"][kind]["volumes"])
        areas = {u: v for u, v in theirs.items() if binhai["units"][u]["type"] in ("office", "branch")}
        for row in rows:
            scale = row["population"] / BINHAI_PEOPLE
            scale *= row["rural_share"] / BINHAI_RURAL if kind in RURAL else 1
            for unit, part in (units_of(row) | bureau_of(row, binhai)).items():
                own = unit.removeprefix(row["county"] + "_")
                if kind == "assignment":  # a slip is one to each unit, whatever its size
                    mean = sum(areas.values()) / len(areas)
                    number = mean if part["share"] is not None else theirs.get(own, 0)
                elif part["share"] is not None:
                    number = sum(areas.values()) * scale * part["share"]
                else:  # minerals come in at the hall, since the county's section for them is left out
                    number = theirs.get("minerals" if (kind, own) == ("mineral", "hall") else own, 0) * scale
                if number:
                    found[kind, unit] = round(number) or 1
    return found


def kinds(rows: list[dict], binhai: Binhai) -> dict[str, dict]:
    """The kinds of matter: binhai's, with each county's sections; what its other sections did is a delay."""
    found = {}
    for row in rows:
        for kind in OF_A_COUNTY:
            mine = copy.deepcopy(binhai["kinds"][kind])
            title = mine["value"]["title"]
            mine["value"]["title"] = text(f"{row['en']}: {title['en']}", f"{row['zh']}{title['zh']}")
            for step in mine["value"]["route"].values():
                if "at" in step and not step["at"].startswith("own/"):
                    step["at"] = f"{row['county']}_{step['at']}"
            found[f"{row['county']}_{kind}"] = mine
    for kind in SHARED:
        mine = found[kind] = copy.deepcopy(binhai["kinds"][kind])
        route = mine["value"]["route"]
        if kind == "farmland":
            after = route["closing"]
            for step in ("review", "appointment", "joint_check", "decision", "closing"):
                del route[step]
            route["section"] = delay(6, 0.6)
            route["closing"] = after
            mine["reason"] += (
                " Here the county's section, which has few cases, is a delay of six working days."
            )
        if kind == "fees":
            route["audit"] = delay(0.3, 0.6)
            mine["reason"] += " Here finance, a matter of minutes, is a delay of some hours."
        for step in route.values():
            if "at" in step and not step["at"].startswith("own/"):
                role = {"head": "review"}.get(step["at"].split("/")[1], step["at"].split("/")[1])
                step["at"] = "own/window" if step["at"] == "hall/window" else f"province/{role}"
    return found


def delay(days: float, cv: float) -> dict:
    return {"type": "delay", "reason": "transfer", "amount": days, "per": "working_days", "cv": cv}


def minutes(route: dict[str, dict]) -> Counter:
    """Expected minutes of people's work a request by station; a return repeats the step before it, once."""
    route = plain(route)
    visits, found = Counter({next(iter(route)): 1.0}), Counter()
    names = [*route, "end"]
    for step, after in zip(names, names[1:], strict=False):
        part = route[step]
        if part["type"] == "work":
            found[part["at"]] += visits[step] * part["minutes"] * part.get("people", 1)
        if part["type"] == "return":
            again = route[part["back_to"]]
            found[again["at"]] += visits[step] * part["chance"] * again["minutes"] * again.get("people", 1)
        for target, chance in (part["to"] if part["type"] == "branch" else {after: 1.0}).items():
            visits[target] += visits[step] * chance
    return found


def work(rows: list[dict], binhai: Binhai) -> Counter:
    """Expected hours a year by station."""
    routes = {name: minutes(kind["value"]["route"]) for name, kind in kinds(rows, binhai).items()}
    hours = Counter()
    for (kind, unit), number in volumes(rows, binhai).items():
        county = unit.split("_")[0]
        for station, mean in routes[kind if kind in SHARED else f"{county}_{kind}"].items():
            hours[station.replace("own/", f"{unit}/")] += number * mean / 60
    return hours
