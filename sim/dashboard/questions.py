"""Answer the questions of the page's script, in JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from sim.report.errors import ReportError
from sim.report.outcomes import limits_differ
from sim.report.words import LANGUAGES, pick
from sim.scenario import InputError, Scenario, load_policy, reform
from sim.scenario.errors import printable
from sim.scenario.policy import CURRENT, TRIED

from . import briefing, draft
from .answer import Answer
from .controls import groups, staff
from .guard import BEHAVIOURS, Guarded
from .refusals import refusal
from .schedule import corners, drawn
from .trials import scenario_names, scenario_of, trial_of
from .words import say

TYPES = {
    "yaml": "application/yaml",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Asked(Guarded):
    """A question of the page's script, in JSON, answered in JSON; mistakes are told with 400."""

    office: Scenario | None = None  # the scenario asked about, once it is known

    async def post(self) -> None:
        try:
            body = json.loads(self.request.body)
            if not isinstance(body, dict) or body.get("lang") not in LANGUAGES:
                raise HTTPError(400)
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(await self.answer(body)))
        except InputError as error:
            self.set_status(400)
            self.finish(json.dumps({"error": refusal(error, body["lang"], self.office)}))
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError):
            raise HTTPError(400) from None

    async def answer(self, body: dict[str, Any]) -> Any:
        raise NotImplementedError

    async def scenario(self, body: dict[str, Any]) -> Scenario:
        if body["scenario"] not in scenario_names():
            raise HTTPError(404)
        self.office = await self.read(scenario_of, body["scenario"])
        return self.office


class Office(Asked):
    """What can be moved in a scenario, and the policies to start from."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario, lang = await self.scenario(body), body["lang"]
        policies = await self.read(starts, scenario, lang)
        saved = draft.saved(self.folder, scenario.name)
        return {
            "title": pick(scenario.title, lang),
            "description": pick(scenario.description, lang),
            "groups": await self.read(groups, scenario, lang),
            "staff": staff(scenario, lang),
            "policies": policies,
            "saved": saved,
            "corners": None
            if scenario.pay is None or scenario.pay.schedule is None
            else corners(scenario.pay),
        }


class Schedule(Asked):
    """The picture of a draft's pay schedule."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario = await self.scenario(body)
        return {"picture": await self.read(drawn, scenario, draft.Draft.of(body).changes)}


class Opened(Asked):
    """A policy to go on from: one of the scenario's, a saved one, or the text of a file."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario = await self.scenario(body)
        if "text" in body:
            policy = draft.opened(str(body["text"]))
        else:
            own = body.get("saved")
            file = draft.saved_file(self.folder, scenario.name, body["policy"]) if own else body["policy"]
            if not own and str(file).endswith(".yaml"):
                raise HTTPError(400)  # a file of this machine is not read by name
            policy = await self.read(load_policy, scenario, file)
        found, lang = draft.draft_of(policy), body["lang"]
        await self.read(draft.told, scenario, found, lang)  # which refuses what does not apply
        own = "text" in body or body.get("saved")  # a file that is written anew keeps its title
        words = {"title": pick(policy.title, lang), "reason": pick(policy.reason, lang)} if own else {}
        return {"changes": found.changes, "move": found.move, **words}


class Saved(Asked):
    """Save a draft as a policy file."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario = await self.scenario(body)
        given = [str(body.get(key, ""))[:2000] for key in ("name", "title", "reason")]
        await self.read(draft.save, self.folder, scenario, draft.Draft.of(body), *given)
        return {"saved": draft.saved(self.folder, scenario.name), "name": given[0]}


class Streamed(Asked):
    """A question answered by lines of JSON, one after the other, until the page turns away."""

    async def post(self) -> None:
        self._task = asyncio.current_task()
        try:
            await super().post()
        except (StreamClosedError, asyncio.CancelledError):
            return

    def on_connection_close(self) -> None:
        if task := getattr(self, "_task", None):
            task.cancel()

    async def say(self, kind: str, **told: Any) -> None:
        self.write(json.dumps({"kind": kind, **told}) + "\n")
        await self.flush()


class Estimate(Streamed):
    """What a draft changes: first in words, then simulated, with more replications line by line."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario, lang, wanted = await self.scenario(body), body["lang"], draft.Draft.of(body)
        behaviour = body["behaviour"]
        if behaviour not in BEHAVIOURS:
            raise HTTPError(400)
        told = await self.read(draft.told, scenario, wanted, lang)
        trial = trial_of(scenario, behaviour)
        wait = "" if trial.parts else say(f"preparing_{behaviour}", lang)
        await self.say("draft", **told, wait=wait)
        stages = trial.stages(wanted)

        own_limits = limits_differ(scenario, await self.read(reform, scenario, wanted.policy()))

        def stage() -> dict[str, Any] | None:
            rows = next(stages, None)
            if rows is None:
                return None
            return Answer(scenario, rows, TRIED, behaviour, lang, own_limits).told()

        while (found := await self.simulate(behaviour, stage)) is not None:
            await self.say("answer", **found)
        return {"kind": "end"}


class Briefing(Streamed):
    """Make the briefing of a saved policy."""

    async def answer(self, body: dict[str, Any]) -> Any:
        scenario, lang, folder = await self.scenario(body), body["lang"], self.folder
        behaviour = body["behaviour"]
        if behaviour not in BEHAVIOURS:
            raise HTTPError(400)
        study = await self.read(briefing.write_study, folder, scenario, body["name"], behaviour)
        await self.say("started")
        try:
            async with self.page.reporting:
                made = await briefing.make_briefing(folder, study, lang)
        except ReportError as error:
            return {"kind": "failed", "why": say("stopped", lang, why=printable(str(error), 300))}
        return {"kind": "end", "formats": made, "study": study}


class Downloaded(Guarded):
    """A file of the person's own: a policy, or a briefing."""

    def get(self, what: str, name: str, rest: str, suffix: str) -> None:
        try:
            if what == "policy" and suffix == "yaml":
                file = draft.saved_file(self.folder, name, rest)
            elif what == "briefing" and suffix in briefing.FORMATS and rest in LANGUAGES:
                file = briefing.briefing_file(self.folder, name, rest, suffix)
            else:
                raise HTTPError(404)
        except InputError:
            raise HTTPError(404) from None
        if not file.is_file():
            raise HTTPError(404)
        called = f"{rest}.yaml" if what == "policy" else f"{name}.{rest}.{suffix}"
        self.set_header("Content-Type", TYPES[suffix])
        self.set_header("Content-Disposition", f'attachment; filename="{called}"')
        self.finish(file.read_bytes())


def starts(scenario: Scenario, lang: str) -> list[dict[str, str]]:
    """Return name and title of each policy that a scenario comes with."""
    found = []
    for name in [CURRENT, *sorted(file.stem for file in (scenario.folder / "policies").glob("*.yaml"))]:
        try:
            found.append({"name": name, "title": pick(load_policy(scenario, name).title, lang)})
        except InputError:
            continue  # `sim check` tells
    return found
