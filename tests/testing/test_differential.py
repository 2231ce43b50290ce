"""The differential runner finds what was planted in a port, small, and nothing in a right one."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, settings

from eligibility import (
    AccountHistory,
    ClassDefinition,
    EligibilityError,
    Moment,
    Status,
    TimeSet,
    Within,
    evaluate,
    read_history,
)
from eligibility.rules import UPDATE_DAY_BEGINS, Reading, class_definition
from eligibility.testing.differential import Departed, Departure, find_departures, hold, main
from eligibility.testing.subprocess_port import Port, PortEnded, PortLost

DEFINITION = class_definition()
MANY = settings(max_examples=100, derandomize=True, database=None)
SOME = settings(MANY, max_examples=40)
QUICK = settings(SOME, max_examples=15)
FEW = settings(QUICK, phases=[Phase.generate])


def right(text: str) -> str:
    return evaluate(read_history(text)).status.value


def port(
    slip: Callable[[dict[str, Any]], None], definition: ClassDefinition = DEFINITION
) -> Callable[[str], str]:
    """A port with a slip in how it reads a history, or in its rules."""

    def decide(text: str) -> str:
        data = json.loads(text)
        slip(data)
        return evaluate(AccountHistory.model_validate(data), definition).status.value

    return decide


def nothing(data: dict[str, Any]) -> None:
    """No slip in reading."""


def late_by_a_microsecond() -> ClassDefinition:
    before = Within("messages[].shared_at", TimeSet.before(UPDATE_DAY_BEGINS + 1))
    return evolve(
        DEFINITION,
        clauses=(*DEFINITION.clauses[:-1], evolve(DEFINITION.clauses[-1], condition=before)),
    )


def unknown_is_no(data: dict[str, Any]) -> None:
    for message in data.get("messages", ()):
        if message.get("inmail") is None:
            message["inmail"] = False


def dates_in_utc(data: dict[str, Any]) -> None:
    data["time_zone"] = "UTC"


def open_is_complete(data: dict[str, Any]) -> None:
    data["complete"] = ["premium", "messages", "permissions"]


def permissions_end_exclusively(data: dict[str, Any]) -> None:
    """The last instant of a permission is taken as no longer part of it."""
    zone = data.get("time_zone", "America/Los_Angeles")
    for span in data.get("permissions", ()):
        if span.get("end") not in (None, "..") and span.get("start"):
            start, end = (Moment.parse(span[key], zone) for key in ("start", "end"))
            if start.latest < end.earliest:
                span["end"] = Moment.between(end.earliest - 1, end.latest - 1, "UTC").text


def no_end_unheard_of(data: dict[str, Any]) -> None:
    for span in (*data.get("premium", ()), *data.get("permissions", ())):
        if span.get("end") == "..":
            raise ValueError("month must be in 1..12")


def messages_expected(data: dict[str, Any]) -> None:
    data["messages"]


SLIPS = {
    "late": (port(nothing, late_by_a_microsecond()), "eligible-for-ineligible", SOME),
    "permissions": (port(permissions_end_exclusively), "indeterminate-for-ineligible", MANY),
    "dates-in-utc": (port(dates_in_utc), "indeterminate-for-eligible", SOME),
    "unknown-is-no": (port(unknown_is_no), "ineligible-for-indeterminate", QUICK),
    "open-is-complete": (port(open_is_complete), "ineligible-for-indeterminate", QUICK),
    "no-end": (port(no_end_unheard_of), "raises-ValueError", QUICK),
    "missing-key": (port(messages_expected), "raises-KeyError", QUICK),
}


def test_a_right_port_does_not_depart() -> None:
    assert find_departures(right, errors=True, settings=FEW) == ()
    hold(lambda text: evaluate(read_history(text)).status, settings=FEW)


@pytest.mark.parametrize(("decide", "kind", "effort"), SLIPS.values(), ids=SLIPS)
def test_a_planted_slip_is_found_with_a_small_history(
    decide: Any, kind: str, effort: settings
) -> None:
    found = {each.kind: each for each in find_departures(decide, settings=effort)}
    assert kind in found
    history = read_history(found[kind].document)
    assert len(history.messages) <= 1
    assert len(history.premium) <= 1
    assert len(history.permissions) <= 1
    assert history.exclusions == AccountHistory(account_id="A").exclusions


def test_each_kind_of_departure_is_told_once() -> None:
    found = find_departures(lambda _: "eligible", settings=FEW)
    kinds = [each.kind for each in found]
    assert kinds == ["eligible-for-indeterminate", "eligible-for-ineligible"]
    assert found[0].document == '{"account_id":"A-1001"}'


def test_the_reading_is_that_of_the_definition() -> None:
    sent = class_definition(Reading.of(messages="sent"))
    (first, *_) = find_departures(right, sent, settings=FEW)
    history = read_history(first.document)
    assert evaluate(history).status is not evaluate(history, sent).status
    assert not find_departures(
        lambda text: evaluate(read_history(text), sent).status, sent, settings=FEW
    )


def test_a_departure_says_what_follows_and_why() -> None:
    found = find_departures(lambda _: "ineligible", settings=FEW)
    by_kind = {each.kind: str(each) for each in found}
    assert "It says ineligible. It is eligible." in by_kind["ineligible-for-eligible"]
    assert "Why it is eligible:" in by_kind["ineligible-for-eligible"]
    assert "Source: Report by" in by_kind["ineligible-for-eligible"]
    assert "One way it would be eligible:" in by_kind["ineligible-for-indeterminate"]
    assert "One way it would be ineligible:" in by_kind["ineligible-for-indeterminate"]


def test_all_departures_fail_at_once() -> None:
    with pytest.raises(Departed, match=r"It says eligible\. It is ineligible\.") as caught:
        hold(lambda _: Status.ELIGIBLE, settings=FEW)
    assert len(caught.value.departures) == 2


@pytest.mark.parametrize("answer", [None, True, "yes", "Eligible", {"status": "eligible"}])
def test_what_is_no_status_is_told(answer: object) -> None:
    (found,) = find_departures(lambda _: answer, settings=settings(FEW, max_examples=3))
    assert found.kind == "no-status"
    assert repr(answer) in found.words


def test_who_answers_otherwise_when_asked_again_is_told() -> None:
    asked: list[str] = []

    def forgetful(text: str) -> str:
        asked.append(text)
        return "indeterminate" if asked.count(text) > 1 else right(text)

    (found,) = find_departures(forgetful, settings=FEW)
    assert found.kind == "pure"


# ---- without a reference -----------------------------------------------------------------------


def only_the_first(text: str) -> str:
    for message in json.loads(text).get("messages", ())[:1]:
        return "eligible" if message.get("inmail") else "indeterminate"
    return "indeterminate"


def rash(text: str) -> str:
    """Whatever is said of an InMail settles it."""
    said = [message.get("inmail") for message in json.loads(text).get("messages", ())]
    return "eligible" if True in said else "ineligible" if False in said else "indeterminate"


@pytest.mark.parametrize(
    ("decide", "kind"),
    [(only_the_first, "order-free"), (rash, "monotone")],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_promises_are_held_without_a_reference(decide: Any, kind: str) -> None:
    wide = settings(SOME, max_examples=200)
    found = {each.kind: each for each in find_departures(decide, AccountHistory, settings=wide)}
    assert kind in found
    assert found[kind].verdict is None
    assert len(read_history(found[kind].document).messages) <= 3  # found with many more


def test_who_keeps_the_promises_does_not_depart() -> None:
    assert find_departures(lambda _: "ineligible", AccountHistory, settings=FEW) == ()


# ---- what is to be refused ---------------------------------------------------------------------


def refusing(text: str) -> str:
    """A right port, which says the code of what is wrong."""
    try:
        return right(text)
    except EligibilityError as error:
        return f"error:{error.problems[0].code}"


def lenient(text: str) -> str:
    """A port that takes whatever type a value has for unknown."""
    try:
        return right(text)
    except EligibilityError as error:
        codes = {problem.code for problem in error.problems}
        return "indeterminate" if codes == {"wrong-type"} else "error"


def always_missing(text: str) -> str:
    try:
        return right(text)
    except EligibilityError:
        return "error:missing"


def test_what_is_broken_must_be_refused() -> None:
    assert find_departures(refusing, errors=True, settings=FEW) == ()
    assert find_departures(lenient, settings=FEW) == ()
    (found,) = find_departures(lenient, errors=True, settings=FEW)
    assert found.kind == "takes-wrong-type"
    assert found.verdict is None


def test_another_code_is_a_departure() -> None:
    found = find_departures(always_missing, errors=True, settings=FEW)
    assert found
    assert all(each.kind.startswith("error:missing-for-") for each in found)


def test_a_long_document_is_cut_short() -> None:
    text = str(Departure("takes-too-deep", "It says eligible.", "[" * 50_000))
    assert len(text) < 5_000
    assert "(50,000 characters)" in text


# ---- a program ---------------------------------------------------------------------------------

RIGHT = """
import sys
from eligibility import EligibilityError, evaluate, read_history
for line in sys.stdin:
    try:
        print(evaluate(read_history(line)).status.value, flush=True)
    except EligibilityError as error:
        print(f"error:{error.problems[0].code}", flush=True)
"""
CARELESS = """
import json, sys
for line in sys.stdin:
    data = json.loads(line)
    if any(span.get("end") == ".." for span in data.get("premium", [])):
        raise SystemExit("what date is that: ..")
    print("indeterminate", flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], list[str]]:
    def made(source: str) -> list[str]:
        path = tmp_path / "port.py"
        path.write_text(source, encoding="utf-8")
        return [sys.executable, str(path)]

    return made


def test_a_right_program(program: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--examples", "15", "--errors", "--", *program(RIGHT)]) == 0
    output = capsys.readouterr().out
    began = "No departure from de-la-torre-v-linkedin, version 1: messages=sent-or-"
    assert output.startswith(began)
    assert "no class was certified" in output


def test_a_program_under_another_reading(program: Any, capsys: pytest.CaptureFixture[str]) -> None:
    sent = "class_definition(Reading.of(messages='sent'))"
    source = RIGHT.replace("read_history(line))", f"read_history(line), {sent})")
    source = "from eligibility.rules import Reading, class_definition\n" + source
    words = ["--examples", "10", "--reading", "messages=sent", "--", *program(source)]
    assert main(words) == 0
    assert "messages=sent, " in capsys.readouterr().out


def test_a_program_that_ends_is_told_with_its_last_words(
    program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--examples", "8", "--", *program(CARELESS)]) == 1
    output = capsys.readouterr().out
    assert "It ended, with exit status 1, before it answered." in output
    assert "what date is that: .." in output
    assert '{"account_id":"A-1001","premium":[{"end":".."}]}' in output
    assert "indeterminate-for-ineligible" in output


def test_a_program_that_never_answers_is_asked_once(
    program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--", *program("raise SystemExit('no rules here')")]) == 1
    output = capsys.readouterr().out
    assert "no rules here" in output
    assert "[lost]" in output
    assert output.count("Document: ") == 1


def test_a_program_that_does_not_answer_in_time(
    program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = "import sys, time\nfor line in sys.stdin: time.sleep(60)"
    assert main(["--timeout", "0.2", "--", *program(silent)]) == 1
    assert "It gave no answer within 0.2 seconds." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name the command to ask, after `--`"),
        (["--", "no-such-program-anywhere"], "cannot be started"),
        (["--reading", "messages=all", "--", "cat"], "`messages` cannot be read as `all`"),
        (["--reading", "sent", "--", "cat"], "`sent` is not written NAME=VALUE"),
        (
            ["--definition", "nowhere:IT", "--", "cat"],
            "`nowhere` cannot be imported: there is no module",
        ),
        (["--definition", "a:B", "--reading", "c=d", "--", "cat"], "`a` cannot be imported"),
        (["--examples", "0", "--", "cat"], "at least 1"),
        (["--timeout", "-1", "--", "cat"], "more than 0"),
    ],
)
def test_bad_usage_is_said(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_the_module_is_a_command(program: Any) -> None:
    command = [sys.executable, "-W", "error", "-m", "eligibility.testing.differential"]
    command += ["--examples", "2", "--", *program(RIGHT)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")  # noqa: S603 - our own command
    assert (done.returncode, done.stderr) == (0, "")


def test_the_documented_options_are_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"^  (--[a-z]+)", capsys.readouterr().out, re.MULTILINE))
    page = Path(__file__).parent.parent.parent / "docs" / "reference" / "testing.md"
    documented = re.findall(r"^\| `(--[a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(documented) == options


def test_another_definition_is_named(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent.parent.parent / "examples" / "second_case")
    words = ["--definition", "flo:flo_class", "--examples", "5", "--"]
    source = RIGHT.replace("evaluate(read_history(line))", "evaluate(read_history(line, M), D)")
    source = f"""
import sys
sys.path[:0] = {sys.path!r}
from flo import *
M, D = FloHistory, flo_class()
{source}"""
    assert main([*words, *program(source)]) == 0


def test_a_port_is_started_again_after_it_ended(program: Any) -> None:
    once = "import sys\nprint(sys.stdin.readline().strip()[::-1], flush=True)"
    with Port(program(once)) as asked:
        assert asked("abc") == "cba"
        with pytest.raises(PortEnded, match="exit status 0"):
            asked("def")
        assert asked("ghi") == "ihg"


def test_line_ends_within_a_document_are_sent_as_spaces(program: Any) -> None:
    length = "import sys\nfor line in sys.stdin: print(len(line), flush=True)"
    with Port(program(length)) as asked:
        assert asked('{\n"a":\r\n1}') == str(len('{ "a":  1}\n'))


def test_a_port_that_says_more_than_was_asked_is_lost(program: Any) -> None:
    talking = "import sys\nfor line in sys.stdin: print('eligible\\n' * 3, flush=True)"
    with Port(program(talking)) as asked:
        asked("{}")
        time.sleep(0.5)
        with pytest.raises(PortLost, match="second line"):
            asked("{}")
