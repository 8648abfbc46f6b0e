"""The certificate of a decision: the answer, what it rests on, and a seal over all that made it.

A certificate is a plain dict. It is made from a finished study's store alone, so whoever has the store can
make it again: `verify` does, and tells what differs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evaluate.choose import by_replication, way_of
from sim.evaluate.doubt import worth_of_knowing
from sim.report import behaviours, certificate_page, findings, robust
from sim.report.batch import check_complete
from sim.report.export import write_page
from sim.report.files import REPORTS, make_folder, write_whole
from sim.report.outcomes import outcome_of
from sim.report.record import manifest
from sim.report.results import Results
from sim.report.robust import Robust
from sim.report.words import LANGUAGES, Text
from sim.scenario.errors import InputError
from sim.scenario.state import source_of
from sim.study.at_points import GIVEN, folder_of
from sim.study.cases import cases

if TYPE_CHECKING:
    from sim.study import Study

FORMAT = "jingxi-certificate/2"
FILE = "certificate.json"
MEANING = {
    "confidence": Text(
        en="With probability 0.95 over the luck of the draw, all intervals of one study hold their true "
        "values together. A rule called selected is then within the margin of the best.",
        zh="就偶然性而言，一项研究的全部区间同时包含真值的概率为0.95；此时入选方案与最优方案之差不超过容许差。",
    ),
    "recommended": Text(
        en="Recommended means: the interval of the difference excludes zero, and the difference is more than "
        "the margin.",
        zh="推荐是指差值区间不含零，且差值大于容许差。",
    ),
    "assumptions": Text(
        en="The plausible space is what the scenario gives as ranges. Each value as given is its median. "
        "A share of it is no probability of the world.",
        zh="假定的合理范围由情景文件给出，给定值为其中位数；所占比例不是现实发生的概率。",
    ),
}
_RESAMPLES = 2000
_DIGITS = 10  # significant ones: what differs beyond them is arithmetic


def certificate(study: Study) -> dict[str, Any]:
    """Make the certificate of a finished study.

    Raises
    ------
    InputError
        If results are missing or failed: what cannot be bound to the store is not certified.
    """
    check_complete(study)
    made = {
        "format": FORMAT,
        "study": study.called,
        "title": {"en": study.title.en, "zh": study.title.zh},
        "question": {"en": study.question.en, "zh": study.question.zh},
        "answers": {behaviour: _answer(study, behaviour) for behaviour in study.file.behaviours},
        "meaning": {name: {"en": text.en, "zh": text.zh} for name, text in MEANING.items()},
        "assumed": _assumed(study),
        "cases": _rounded(cases().to_dict("records")),
        "bound": _bound(study),
    }
    return made | {"seal": seal(made)}


def seal(made: dict[str, Any]) -> str:
    """Return the digest of a certificate's content, its own seal left out."""
    content = {name: value for name, value in made.items() if name != "seal"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def place_of(study: Study) -> Path:
    """Return where the certificate of a study stands: ``reports/<study>/certificate.json``."""
    return Path(REPORTS) / study.name / FILE


def write_certificate(study: Study) -> list[str]:
    """Write the certificate of a study and its pages, and return it in English sentences."""
    made = certificate(study)
    make_folder(place_of(study).parent)
    write_whole(place_of(study), json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    for lang in study.file.languages:
        page = place_of(study).with_suffix(f".{lang}.html")
        write_page(certificate_page.blocks(made, lang), page, lang, certificate_page.title(made, lang))
    return certificate_page.told(made, "en")


def verify(study: Study, file: Path) -> list[str]:
    """Return what of a certificate's file does not hold: nothing, or a line for each thing that differs.

    Raises
    ------
    InputError
        If the file is no certificate, or of another study, or the study is not finished.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("there is no certificate", file=file, remedy=f"sim certify {study.called}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot be read as a certificate ({error})", file=file) from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise InputError("no certificate", file=file, remedy=f"It should say format: {FORMAT}")
    if given.get("study") != study.called:
        raise InputError(f"a certificate of '{given.get('study')}', not of '{study.called}'", file=file)
    wrong = [] if given.get("seal") == seal(given) else ["seal: the content is not what was sealed"]
    now = json.loads(json.dumps(certificate(study)))
    return [*wrong, *(line for line in _differing(given, now, "") if not line.startswith("seal:"))]


def _differing(given: Any, now: Any, path: str) -> list[str]:
    """Return a line for each place at which two certificates differ."""
    if isinstance(given, dict) and isinstance(now, dict):
        return [
            line
            for name in dict.fromkeys([*given, *now])
            for line in _differing(given.get(name), now.get(name), f"{path}.{name}".lstrip("."))
        ]
    if isinstance(given, list) and isinstance(now, list) and len(given) == len(now):
        return [
            line
            for number, (one, other) in enumerate(zip(given, now, strict=True))
            for line in _differing(one, other, f"{path}.{number}")
        ]
    return [] if given == now else [f"{path}: {str(given)[:60]!r} there, {str(now)[:60]!r} in the store"]


def _answer(study: Study, behaviour: str) -> dict[str, Any]:
    """Return the choice under one behaviour, how robust it is, and what knowing more would be worth."""
    sides = {lang: Results(study, lang, behaviour) for lang in LANGUAGES}
    results = sides["en"]
    found = findings.choice(results)
    row = results.difference(found.focus, found.outcome)
    told = {} if row is None else {name: float(row[name]) for name in ("difference", "low", "high")}
    return _rounded(
        {
            "behaviour": {lang: behaviours.title(side) for lang, side in sides.items()},
            "text": {lang: findings.answer(side, found) for lang, side in sides.items()},
            "outcome": found.outcome,
            "unit": {lang: side.measure(found.outcome, difference=True) for lang, side in sides.items()},
            "scale": outcome_of(found.outcome).scale,
            "margin": float(found.margin),
            "baseline": results.baseline,
            "recommended": found.policy,
            "selected": found.selected,
            "nearest": {"policy": found.focus, **told},
            "robustness": _robustness(sides, found),
            "value_of_more_simulation": _simulation(results, found),
        }
    )


def _robustness(sides: dict[str, Results], found: findings.Choice) -> dict[str, Any]:
    own = Robust.of(sides["en"])
    told = {
        "varied": own is not None,
        "tried": own is not None and not own.untold(found),
        "text": {
            lang: [robust.answer(side, found), *robust.where_it_flips(side, found)]
            for lang, side in sides.items()
        },
    }
    if own is None or not told["tried"]:
        return told
    share, low, high = own.stands(found)
    gains = own.gains(found.outcome).drop(GIVEN).dropna()
    worth, least, most = worth_of_knowing(gains, *own.found.counting)
    return told | {
        "stands": share,
        "interval": [low, high],
        "points": len(gains),
        "against": list(own.found.made["policies"]),
        "years": own.found.made["years"],
        "refused": own.found.refused,
        "value_of_knowing_what_is_assumed": worth,
        "interval_of_that_value": [least, most],
    }


def _simulation(results: Results, found: findings.Choice) -> float:
    """Return how much better than the rule with the best mean the truly best may be expected to be.

    Whole replications are resampled for all rules together; the expected opportunity cost of the luck left.
    """
    rows = results.level("bureau", found.outcome)
    values = way_of(found.outcome) * by_replication(rows, found.outcome, results.policies).to_numpy()
    best = int(values.mean(axis=0).argmax())
    draws = np.random.default_rng(0).integers(len(values), size=(_RESAMPLES, len(values)))
    means = values[draws].mean(axis=1)
    return float((means.max(axis=1) - means[:, best]).mean())


def _assumed(study: Study) -> dict[str, Any]:
    evidence = source_of(study.scenario).evidence
    assumed = [one for one in evidence.values() if one.assumed]
    found = robust_run(study)
    return {
        "entries": len(evidence),
        "assumed": len(assumed),
        "with_a_range": sum(1 for one in assumed if one.range or one.factor),
        "varied": 0 if found is None else len(found.dimensions),
    }


def robust_run(study: Study) -> Any:
    """Return the stored sensitivity run of a study, or None."""
    return Results(study, "en").robust


def _bound(study: Study) -> dict[str, Any]:
    """Return what the certificate is bound to: rules, code, versions, and the bytes of all results."""
    said = manifest(study)
    digest = hashlib.blake2b(digest_size=16)
    for key in said["results"]:
        digest.update(key.encode() + hashlib.blake2b(study.store.file(key).read_bytes()).digest())
    bound = {name: said[name] for name in ("scenario", "scenario_digest", "code_version", "seed", "versions")}
    bound |= {
        "replications": study.replications,
        "policies": {name: rules.whole for name, rules in study.versions.rules.items()},
        "results": {"count": len(said["results"]), "digest": digest.hexdigest()},
        "sensitivity": None,
    }
    if robust_run(study) is not None:
        both = hashlib.blake2b(digest_size=16)
        for name in ("points.parquet", "values.parquet"):
            both.update((folder_of(study) / name).read_bytes())
        bound["sensitivity"] = both.hexdigest()
    return bound


def _rounded(value: Any) -> Any:
    """Return plain data with numbers of `_DIGITS` significant digits."""
    if isinstance(value, dict):
        return {str(name): _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None
    return value
