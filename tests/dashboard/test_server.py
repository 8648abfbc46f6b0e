"""Who may ask the server, and what it refuses; nothing here needs a browser."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.dashboard import people
from sim.dashboard.trials import REPLICATIONS, Trial

from .conftest import TOKEN, Site

ONE = "one-office"
CHANGE = {"changes": {"pay.deduction_per_point": 2}, "move": []}


def asked(site: Site, path: str, body: Any = None, secret: str = "0" * 32, **headers: str) -> tuple[int, str]:
    """Ask as a browser that has the token and a person's secret; headers replace its own."""
    port = site.url.rpartition(":")[2]
    sent = {"Cookie": f"jingxi-token-{port}={TOKEN}; jingxi-person={secret}", "X-Jingxi": "1"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    text = None if body is None else body if isinstance(body, str) else json.dumps({"lang": "en", **body})
    connection.request("GET" if body is None else "POST", path, text, sent)
    answer = connection.getresponse()
    try:
        return answer.status, answer.read().decode("utf-8", errors="replace")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", None),
        ("/?token=wrong", None),
        ("/static/page.js", None),
        ("/font/NotoSansSC-Regular.subset.ttf", None),
        ("/policy/one-office/any.yaml", None),
        ("/api/office", {"scenario": ONE}),
        ("/api/save", {"scenario": ONE, **CHANGE, "name": "stolen"}),
        ("/nowhere", None),
    ],
)
@pytest.mark.parametrize("cookie", ["", f"jingxi-token-1={TOKEN}", "jingxi-token-{port}=wrong"])
def test_without_the_token_everything_is_forbidden(site, path, body, cookie):
    cookie = cookie.format(port=site.url.rpartition(":")[2])
    assert asked(site, path, body, Cookie=cookie)[0] == 403


def test_other_sites_cannot_ask_through_the_browser(site):
    office = {"scenario": ONE}
    assert asked(site, "/api/office", office)[0] == 200
    assert asked(site, "/api/office", office, X_Jingxi="")[0] == 403  # what a form of another site can send
    assert asked(site, "/api/office", office, Host="evil.example:80")[0] == 403  # DNS rebinding


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/api/office", "{", 400, "400"),
        ("/api/office", {"lang": "fr", "scenario": ONE}, 400, "400"),
        ("/api/office", {"scenario": "../one-office"}, 404, "404"),
        ("/api/estimate", {"scenario": ONE, "behaviour": "none", **CHANGE}, 400, "400"),
        ("/api/estimate", {"scenario": ONE, "behaviour": "mechanical", "changes": 5}, 400, "no draft"),
        (
            "/api/estimate",
            {"scenario": ONE, "behaviour": "mechanical", "changes": {"a": 1}},
            400,
            "no parameter",
        ),
        ("/api/estimate", {"scenario": ONE, "behaviour": "mechanical", "move": [1]}, 400, "no policy file"),
        ("/api/open", {"scenario": ONE, "policy": "/etc/passwd.yaml"}, 400, "400"),
        ("/api/open", {"scenario": ONE, "policy": "../../x", "saved": True}, 400, "cannot be a file name"),
        ("/api/open", {"scenario": ONE, "text": "!!python/object:os.system x"}, 400, "tag"),
        ("/api/open", {"scenario": ONE, "text": "a: &b 1"}, 400, "anchors"),
        ("/api/save", {"scenario": ONE, **CHANGE, "name": "../out"}, 400, "cannot be a file name"),
        ("/api/save", {"scenario": ONE, **CHANGE, "name": "current"}, 400, "in force"),
        ("/api/save", {"scenario": ONE, "name": "nothing"}, 400, "changes nothing"),
        ("/api/save", {"scenario": ONE, "changes": {"pay.floor": 7}, "name": "wrong"}, 400, "most is 100%"),
        ("/api/briefing", {"scenario": ONE, "behaviour": "mechanical", "name": "gone"}, 400, "no such file"),
        ("/policy/one-office/..%2f..%2fx.yaml", None, 404, "404"),
        ("/briefing/one-office-x/fr.pdf", None, 404, "404"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(site, path, body, status, said):
    secret = "1" * 32
    found = asked(site, path, body, secret)
    assert found[0] == status and said in found[1]
    assert "Traceback" not in found[1] and str(site.folder) not in found[1]
    assert not list(people.folder_of(site.folder / "what-if", secret).rglob("policies/*.yaml"))


def test_a_link_leads_nobody_out_of_the_folder(site, tmp_path):
    own = people.folder_of(site.folder / "what-if", "2" * 32)
    (own / "scenarios").mkdir(exist_ok=True)
    (own / "scenarios" / ONE).symlink_to(tmp_path)
    status, said = asked(site, "/api/save", {"scenario": ONE, **CHANGE, "name": "linked"}, "2" * 32)
    assert status == 400 and "link" in said
    assert not list(tmp_path.iterdir())


def test_an_estimate_comes_bit_by_bit_and_is_that_of_what_if(site):
    status, said = asked(site, "/api/estimate", {"scenario": ONE, "behaviour": "mechanical", **CHANGE})
    lines = [json.loads(line) for line in said.splitlines()]
    assert status == 200
    assert [line["kind"] for line in lines] == ["draft", *["answer"] * (REPLICATIONS // 2), "end"]
    assert [line["replications"] for line in lines[1:-1]] == list(range(2, REPLICATIONS + 1, 2))
    trial = sim.what_if(ONE, replications=REPLICATIONS)
    row = trial.compare(CHANGE["changes"], outcomes=["pay_total"]).iloc[0]
    (pay,) = (card for card in lines[-2]["cards"] if card["name"] == "pay_total")
    assert pay["bar"] == pytest.approx([row["difference"], row["low"], row["high"]], rel=1e-12)


@pytest.mark.parametrize(("amount", "told"), [(20, True), (60, False)])
def test_an_estimate_says_whether_limits_differ(site, amount, told):
    changed = {"changes": {"kinds.visit.limit.amount": amount}, "move": []}
    _, said = asked(site, "/api/estimate", {"scenario": ONE, "behaviour": "mechanical", **changed})
    answer = json.loads(said.splitlines()[1])
    assert ("each rule's own limit" in answer["holds"]) == told


def test_without_changes_nothing_differs_in_any_bit():
    from sim.dashboard.draft import Draft

    *_, rows = Trial(sim.load(ONE), "mechanical").stages(Draft({}, []), 2)
    sides = [part["value"].to_numpy() for _, part in rows.groupby("policy", sort=False)]
    assert (sides[0].view("int64") == sides[1].view("int64")).all()


def test_who_is_turned_away_is_told_where_anybody_is():
    """With no place to wait half of the people leave: times and scores alone would look like success."""
    from sim.dashboard.answer import Answer
    from sim.dashboard.draft import Draft
    from sim.scenario.policy import TRIED

    office = sim.load(ONE)

    def cards(changes):
        *_, rows = Trial(office, "mechanical").stages(Draft(changes, []), 2)
        return {
            card["name"]: card for card in Answer(office, rows, TRIED, "mechanical", "en").told()["cards"]
        }

    lost = cards({"unit_types.office.places": 0})["withdrawn"]
    assert lost["verdict"] == "worse" and lost["bar"][1] > 10_000
    assert "withdrawn" not in cards({"pay.deduction_per_point": 2})


def test_a_folder_does_not_tell_whose_it_is(site):
    secret = people.new_secret()
    folder = people.folder_of(Path(site.folder) / "what-if", secret)
    assert secret not in str(folder) and not people.is_secret(folder.name)


@pytest.mark.parametrize(
    ("draft", "en", "zh"),
    [
        (
            {"changes": {"pay.full_pay_threshold": 200}},
            "full: 200 points is too much. The most is 100 points.",
            "全额发放门槛：200分过大，最大为100分。",
        ),
        ({"changes": {"pay.floor": 2}}, "in any case: 200% is too much.", "200%过大，最大为100%。"),
        (
            {"changes": {"assessment.promotion_threshold": 99}},
            "99 points. It must be at most “Assessment: under this a unit cannot be an advanced unit”",
            "99分，应不高于“考核：综合先进单位门槛”（95分）。",
        ),
        (
            {"changes": {"staff.clerk.count": 0}},
            "nobody is left who can do Visit",
            "没有能办理来访的窗口人员。",
        ),
        (
            {"changes": {"pay.schedule": [{"score": 90, "share": 1}, {"score": 80, "share": 0.5}]}},
            "The scores of the corners must rise.",
            "各节点的得分须依次递增，同一得分只能出现一次。",
        ),
        (
            {"move": [{"from": "clerk", "to": "clerk", "people": 1}]},
            "People cannot move from The office, Window clerk (Clerk) to the same place.",
            "调出与调入不能同为办事窗口窗口人员（办事员），请另选。",
        ),
        ({"changes": {"study.weekly_hours": 3}}, "no time for weekly study", "本情景未安排每周学习时段，"),
    ],
)
def test_what_is_refused_is_told_in_the_language_of_the_page(site, draft, en, zh):
    for lang, told in (("en", en), ("zh", zh)):
        given = {"scenario": ONE, "behaviour": "mechanical", "lang": lang, "changes": {}, "move": [], **draft}
        status, text = asked(site, "/api/estimate", given)
        said = json.loads(text)["error"]
        assert status == 400 and told in said
        assert "policy '" not in said and "See:" not in said
        if lang == "zh":
            assert not any(letter.isascii() and letter.isalpha() for letter in said)


def test_a_file_that_is_no_policy_and_a_name_that_is_none_are_told_in_chinese(site):
    asks = {"scenario": ONE, "lang": "zh"}
    _, text = asked(site, "/api/open", {**asks, "text": "a: ["})
    assert "不是方案文件，或已损坏" in json.loads(text)["error"]
    _, text = asked(site, "/api/save", {**asks, "name": "a b", "changes": {"pay.floor": 0.5}, "move": []})
    assert json.loads(text)["error"] == "“a b”不能作文件名，请用字母、数字、-和_。"
