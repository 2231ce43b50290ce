"""The screens of the self-check, without a browser: forms are sent as their HTML says."""

import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interview_people import FILES, VISITORS, archive_of, asked_in, definition_of, history_of
from screen_page import Page, page, press, said

from eligibility import AccountHistory, evaluate, read_history, survey
from eligibility.errors import InvalidHistory, Problem
from eligibility.facts.normalise import normalise
from eligibility.facts.supposition import Supposition
from eligibility.interview.remains import open_paths
from eligibility.interview.second_person import to_you
from eligibility.linkedin import Limits
from eligibility.readings import DIMENSIONS, MEANS, Reading
from eligibility.rules import AS_ALLEGED, NOTICE, class_definition
from eligibility.testing.strategies import definitions
from eligibility.text import lanes
from eligibility.text.prose import answerable
from eligibility.values.timeline import EARLIEST, LATEST, load_zone
from eligibility.values.truth import Status
from eligibility.web.screens import SelfCheck, archives, findings, kept
from eligibility.web.screens.time_line import time_line_part
from eligibility.web.visit import Visit

EXPORT = Path("examples/archive/ada-example-export.zip")
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\"' --"
RESULT = "The result of your self-check"


def begun(person: dict[str, Any], *, supposing: bool = True) -> SelfCheck:
    """A check that begins with what a person's archive or history shows."""
    definition = definition_of(person)
    supposed = AS_ALLEGED if supposing and definition.model is AccountHistory else None
    check = SelfCheck.start(definition, supposed)
    return check.begin(history_of(person, definition.model), tuple(person.get("likely", ())))


@cache
def played(file: Path, *, supposing: bool) -> tuple[SelfCheck, ...]:
    """The screens of a golden dialogue, one after the other."""
    _, person = asked_in(file)
    screens = [begun(person, supposing=supposing)]
    for _ in range(person["at_most"]):
        assert screens[-1].interview
        if screens[-1].interview.question is None:
            break
        screens.append(said(person, screens[-1]))
        assert not screens[-1].wrong
    return tuple(screens)


@cache
def ended() -> SelfCheck:
    """The result of a fictional person who would fit the description."""
    check = press(SelfCheck.start(), "begin")
    answers = [{"answer": "0"}, {"answer": "0"}, {"date": "March 2021"}, {"answer": "0"}]
    for each in [*answers, {"date": "2023"}, {"answer": "1"}]:
        check = press(check, "continue", **each)
    assert check.title == RESULT
    return check


def asked_when() -> SelfCheck:
    """The question when Premium began."""
    return press(
        press(press(SelfCheck.start(), "begin"), "continue", answer="0"), "continue", answer="0"
    )


def picking(count: int) -> SelfCheck:
    """The screen that shows so many messages to pick from."""
    history = read_history(json.dumps({"account_id": "A", **archive_of(12, count)}))
    return press(SelfCheck.start().begin(history), "unknown")


def result(check: SelfCheck) -> list[str | None]:
    """The statuses that a result shows, the plain one first."""
    shown = [named["class"] for named in page(check).all("section") if named.get("class")]
    return [(each or "").removeprefix("result ") for each in shown]


@cache
def screens() -> tuple[SelfCheck, ...]:
    """Every kind of screen."""
    first, when, many = SelfCheck.start(), asked_when(), picking(120)
    found = [first, press(first, "begin-archive"), SelfCheck.start(VISITORS)]
    found += [press(when, "continue", date="long ago"), press(when, "continue"), when]
    found += [many, press(many, "later"), press(many, "seek", seek="2021"), press(many, "continue")]
    found += [ended().send({"change": ["#"]}), when.send({"change": ["#"]})]
    found += [SelfCheck.start().send({"do": ["begin"]}).send({"change": ["#"]})]
    found += [press(when, "restart"), press(ended(), "points"), press(ended(), "readings")]
    found += [each for file in FILES for each in played(file, supposing=True)]
    return tuple(found)


# ---- the way through ---------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_golden_dialogue_comes_to_its_verdict_by_forms(file: Path) -> None:
    _, person = asked_in(file)
    for supposing in (True, False) if "ends_without" in person else (False,):
        check = played(file, supposing=supposing)[-1]
        key = "ends_without" if "ends_without" in person and not supposing else "ends"
        assert check.title == RESULT
        assert check.interview
        assert check.interview.verdict.status.value == person[key]
        plain = evaluate(check.interview.history, check.definition).status.value
        beside = [person[key]] if check.supposing else []
        assert result(check) == [plain, *beside]


def test_every_button_of_every_screen_does_what_it_can_or_says_what_is_missing() -> None:
    names, pressed = set(), set()
    for check in screens():
        shown = page(check)
        question = check.interview.question if check.interview else None
        kind = (question.kind, question.takes_date) if question else check.title
        for name, value, _ in shown.buttons:
            if (kind, name, value) in pressed:
                continue
            pressed.add((kind, name, value))
            sent = shown.sent_by(name, value)
            names |= sent.keys()
            if name == "download":
                assert check.download(value)[2]
                assert value in check.downloads
            after = check.send(sent)
            is_same = after.html == check.html
            stays = name == "download" or value == "seek"
            assert after.wrong or not is_same or stays, (check.title, name, value)
    fields = {"date", "earliest", "latest", "seek", "page", "tick", "answer"}
    assert names <= {"do", "change", "download", *fields}


def test_the_first_screen_offers_an_archive_only_where_one_can_be_read() -> None:
    assert 'name="archive"' in SelfCheck.start().html
    for person in ({"case": "flo"}, {"case": "zoom"}):
        assert 'name="archive"' not in SelfCheck.start(definition_of(person)).html


@pytest.mark.parametrize("file", [f for f in FILES if asked_in(f)[1]["case"] != "linkedin"])
def test_of_another_class_no_screen_speaks_of_this_case(file: Path) -> None:
    for check in played(file, supposing=False):
        assert not re.search("LinkedIn|Premium|InMail|alleged", check.html)


def test_an_archive_begins_the_questions_and_what_was_not_read_is_said(tmp_path: Path) -> None:
    check = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": EXPORT})
    assert "Read from your archive: 4 messages, 2 receipts for Premium." in check.html
    picks = page(press(check, "unknown")).words
    assert "Read from your archive" not in picks  # it is said once
    assert "Those that your archive hints at stand first." in picks
    with ZipFile(tmp_path / "odd.zip", "w") as odd:
        odd.writestr("messages.csv", "one,two\n1,2\n")
    check = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": tmp_path / "odd.zip"})
    assert "messages.csv" in check.html
    end = press(check.taken_up(check.saved), "continue", answer="1")
    assert end.title == RESULT
    assert "messages.csv" in end.html
    assert b"messages.csv" in end.download("letter")[2]


def zipped(at: Path, files: dict[str, str]) -> Path:
    with ZipFile(at, "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return at


def test_an_archive_that_is_refused_is_refused_in_words_for_people(tmp_path: Path) -> None:
    """No word of the command line, each reason once, and a way out."""
    locked = bytearray(EXPORT.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(locked)):
            locked[found.start() + at] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    for file, words in (
        (zipped(tmp_path / "bomb.zip", {"messages.csv": "\n" * 9_000_000}), "is not built as"),
        (zipped(tmp_path / "up.zip", {"../up.csv": ""}), "is not built as"),
        (zipped(tmp_path / "many.zip", {f"{n}.csv": "" for n in range(10_001)}), "is larger than"),
        (zipped(tmp_path / "inner.zip", {"export.zip": "PK"}), "inside another ZIP file"),
        (tmp_path / "locked.zip", "locked with a password"),
        (Path(__file__), "no ZIP file"),
    ):
        check = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": file})
        (wrong,) = check.wrong
        assert words in wrong.text
        assert re.search(r"(Choose|Or) .*|Start without it", wrong.text)
        assert not re.search("--|limit|`|Python", wrong.text)
    refused = InvalidHistory([Problem("too-many-records", "", "…", "`--limit records=N`")])
    assert "--limit" not in " ".join(kept.refused(refused))


def test_what_is_missing_in_an_archive_is_said_and_what_can_be_read_can_be_saved(
    tmp_path: Path,
) -> None:
    head = "CONVERSATION ID,FROM,TO,DATE\n"
    file = zipped(tmp_path / "half.zip", {"messages.csv": f"{head}1,A\n", "more.zip": "PK"})
    words = page(SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": file})).words
    assert "messages.csv: The rows of this file do not fit its columns." in words
    assert "A ZIP inside the archive was not opened" in words
    assert "No receipts file was found." in words
    assert "no message, and no receipt for Premium" in words
    paid = "Transaction Made At,Description,Total Amount\n2024-09-02 11:57:00 UTC,Words,x\n"
    files = {"Receipts_v2.csv": paid, "messages.csv": f"{head}1,A,B,some day\n"}
    file = zipped(tmp_path / "unclear.zip", files)
    words = page(SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": file})).words
    assert "Read from your archive: 1 message." in words  # and no receipt for Premium
    assert "1 receipt: what was paid for cannot be read" in words
    assert "1 message: the date cannot be read." in words
    most = Limits().receipts + archives._MOST_MESSAGES
    assert most < inspect.signature(read_history).parameters["most_records"].default


@pytest.mark.parametrize("do", ["begin-archive", "resume"])
def test_a_file_that_is_none_is_said_at_its_field(do: str, tmp_path: Path) -> None:
    name = {"begin-archive": "archive", "resume": "saved"}[do]
    (tmp_path / "empty").touch()
    for none in ("empty", "no more there"):
        check = SelfCheck.start().send({"do": [do]}, {name: tmp_path / none})
        assert "is empty, or your browser could not read it" in page(check).words
    for files in ({name: Path(__file__)}, {}):
        check = SelfCheck.start().send({"do": [do]}, files)
        assert {each.field for each in check.wrong} == {name}
        assert "`" not in page(check).words
        assert check.title.startswith("Error: ")


def test_a_file_in_the_field_of_the_other_kind_is_sent_to_its_own(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(asked_when().saved, "utf-8")
    sent = {"archive": tmp_path / "answers.json", "saved": EXPORT}
    for do, name, words in (
        ("begin-archive", "archive", "If it holds your answers, choose it further down."),
        ("resume", "saved", "If it is your export, choose it further up."),
    ):
        (wrong,) = SelfCheck.start().send({"do": [do]}, {name: sent[name]}).wrong
        assert words in wrong.text
    (wrong,) = SelfCheck.start(VISITORS).send({"do": ["resume"]}, {"saved": EXPORT}).wrong
    assert "further up" not in wrong.text  # there is no field for an export


@given(st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_class_is_a_check_of_it_comes_to_its_end(data: st.DataObject) -> None:
    definition = data.draw(definitions())
    check = press(SelfCheck.start(definition), "begin")
    for _ in range(60):
        shown = page(check)
        assert shown.words.startswith("Self-check")
        if check.title == RESULT:
            break
        question = check.interview and check.interview.question
        assert question
        do = data.draw(st.sampled_from(["unknown", "continue"])) if question.answers else "unknown"
        check = press(check, do, **{"tick" if question.takes_several else "answer": "0"})
        assert not check.wrong
    assert check.interview
    assert result(check) == [evaluate(check.interview.history, definition).status.value]
    assert page(press(check, "points")).words


# ---- what does not fit -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "date", "No date was typed. Write it like this: March 2021."),
        ({"date": "long ago"}, "date", "We cannot read “long ago” as a date."),
        ({"date": "2024-02-31"}, "date", "There is no such day as “2024-02-31”."),
        ({"date": "1066"}, "date", "“1066” is not between the years 1900 and 2200."),
        ({"date": "x" * 5000}, "date", f"We cannot read “{'x' * 40}…”"),
        ({"date": "2030"}, "date", "This does not fit what is known already"),
        ({"latest": "soon"}, "latest", "We cannot read “soon” as a date."),
        ({"earliest": "Q1 2021"}, "earliest", "Instead of “Q1 2021”, for example: January 2021."),
        ({"latest": "summer 2022"}, "latest", "for example: September 2022."),
        ({"earliest": "2021/2022"}, "earliest", "“2021/2022” is more than one date."),
        ({"earliest": "2022", "latest": "2021"}, "latest", "“2021” is earlier than “2022”."),
        ({"date": "2021", "latest": "2022"}, "date", "Leave one of them empty."),
        ({"earliest": "2030"}, "earliest", "This does not fit what is known already"),
    ],
)
def test_a_wrong_date_is_said_at_its_field_and_in_the_summary(
    sent: dict[str, str], field: str, words: str
) -> None:
    before = asked_when()
    check = press(before, "continue", **sent)
    assert check.interview == before.interview
    shown = page(check)
    (wrong,) = [each for each in check.wrong if each.field == field]
    assert wrong.text.startswith(words) or words in wrong.text
    (at,) = [named for named in shown.all("input") if named.get("id") == field]
    assert at["aria-invalid"] == "true"
    assert f"{field}-error" in (at["aria-describedby"] or "").split()
    assert {"href": f"#{field}"} in shown.all("a")
    assert shown.words.count(wrong.text) == 2
    for name, typed in sent.items():  # it stands there to be mended
        assert {n.get("value") for n in shown.all("input") if n.get("id") == name} == {typed}
    for theirs in ("dont_know", "undo()", "`", "[no-", "refinement", "notation"):
        assert theirs not in shown.words


def test_how_far_off_a_date_may_be_is_asked_and_is_no_error() -> None:
    check = press(asked_when(), "continue", date="about March 2021")
    shown = page(check)
    (asked,) = check.wrong
    assert asked.text.startswith("How far off may “about March 2021” be?")
    assert asked.text.endswith("such as: February to April 2021.")
    assert shown.words.count(asked.text) == 2
    assert "One thing more" in [text for _, text in shown.headings]
    assert "rror" not in check.title + shown.words
    assert not any("aria-invalid" in named for named in shown.all("input"))
    (at,) = [named for named in shown.all("input") if named.get("id") == "earliest"]
    assert "earliest-error" in (at["aria-describedby"] or "").split()


@pytest.mark.parametrize(
    ("sent", "said_so"),
    [
        ({"date": "March 2021"}, "March 2021"),
        ({"date": "before June 2021"}, "before"),
        ({"date": "between May and July 2022"}, "between May and July 2022"),
        ({"earliest": "May 2020", "latest": "2021"}, "between 1 May 2020 and 31 December 2021"),
        ({"latest": "2021"}, "before 1 January 2022"),
        ({"earliest": "June 2021"}, "on 1 June 2021 or later"),
        ({"date": "about 2021", "earliest": "2020", "latest": "May 2021"}, "1 January 2020"),
    ],
)
def test_a_date_may_be_as_rough_as_it_is_known(sent: dict[str, str], said_so: str) -> None:
    check = press(asked_when(), "continue", **sent)
    assert not check.wrong
    assert said_so in page(check).words


@pytest.mark.parametrize(
    "sent",
    [
        {"answer": "7"},
        {"answer": "x"},
        {"answer": "-1"},
        {"answer": "٣"},
        {"answer": "9" * 30},
        {},
        {"date": "2021"},
        {"tick": "0"},
        {"change": "nothing"},
        {"change": "#"},
        {"do": "launch"},
    ],
)
def test_an_answer_that_is_not_there_changes_nothing(sent: dict[str, str]) -> None:
    for check in (press(SelfCheck.start(), "begin"), ended(), SelfCheck.start()):
        after = check.send({key: [value] for key, value in sent.items()})
        assert after.interview == check.interview or (check is not ended() and "answer" not in sent)
        assert after.wrong or check.interview is None


def test_that_it_has_not_ended_may_be_typed_where_an_end_is_asked_for() -> None:
    """The terminal took it, and the page did not."""
    when = asked_when()
    (wrong,) = press(when, "continue", date="still have it").wrong
    assert wrong.text.startswith("We cannot read “still have it” as a date.")
    lasting = press(press(SelfCheck.start(), "begin"), "continue", answer="0")
    ended = press(press(lasting, "continue", answer="1"), "continue", date="still have it")
    assert "does not fit" in ended.wrong[0].text
    ends = press(press(lasting, "unknown"), "continue", date="still have it")
    assert ends.interview
    assert ends.interview.replies[-1].date == "still have it"


def test_a_date_and_another_answer_are_one_too_many() -> None:
    check = next(
        c
        for c in screens()
        if c.interview and (q := c.interview.question) and q.takes_date and q.answers
    )
    both = press(check, "continue", answer="0", date="2021")
    assert both.wrong[0].text == "You typed a date, and chose another answer. Keep one of the two."
    assert press(check, "continue", answer="date").wrong[0].field == "date"
    assert not press(check, "continue", answer="0").wrong


def test_what_anybody_wrote_is_shown_as_text_and_never_as_html() -> None:
    typed = press(asked_when(), "continue", date=HOSTILE, earliest=HOSTILE, latest=HOSTILE)
    definition = attrs.evolve(class_definition(), title=HOSTILE, notice=HOSTILE)
    source = {"id": HOSTILE[:40], "source": HOSTILE, "sent_at": "2023-05"}
    history = AccountHistory.model_validate({"account_id": HOSTILE, "messages": [source] * 1})
    check = SelfCheck.start(definition, AS_ALLEGED).begin(history, (), (HOSTILE,))
    shown = [typed, SelfCheck.start(definition), check, press(picking(60), "seek", seek=HOSTILE)]
    while check.interview and check.interview.question:
        check = press(check, "unknown")
        shown.append(check)
    shown += [press(check, "points"), press(check, "restart")]
    for each in shown:
        for html in (each.html, each.page("/", carries=True)):
            found = Page(html)
            assert not {"script", "img"} & {tag for tag, _ in found.elements}
            assert not [n for _, n in found.elements if any(k.startswith("on") for k in n)]


# ---- going back, changing, saving --------------------------------------------------------------


def told(check: SelfCheck) -> dict[str, str]:
    """What was asked and said, as a screen lists it: the value of `Change`, and the answer."""
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>.*?value=\"(.*?)\"", check.html, re.DOTALL)
    return {name: said_so for _, said_so, name in rows}


def changed(check: SelfCheck, name: str) -> SelfCheck:
    return check.send(page(check).sent_by("change", name))


def test_each_answer_can_be_changed_and_those_after_it_stay() -> None:
    assert list(told(ended()).values()) == ["Yes", "Yes", "March 2021", "Yes", "2023", "No"]
    check = changed(ended(), "premium[0].start#1")
    assert check.title == "When did your Premium begin?"
    assert list(told(check).values()) == ["Yes", "Yes"]
    further = press(check, "back")  # one may go further back, and loses nothing
    assert "still have Premium" in further.title
    again = press(press(further, "continue", answer="0"), "continue", date="2022")
    assert list(told(again).values()) == ["Yes", "Yes", "2022", "Yes", "2023", "No"]
    other = press(changed(again, next(iter(told(again)))), "continue", answer="1")
    assert result(other) == ["ineligible", "ineligible"]
    assert list(told(other).values()) == ["No"]


def filled(check: SelfCheck) -> dict[str, list[str]]:
    """What stands in the fields of a question's form."""
    sent = page(check).sent_by("do", "continue")
    return {name: values for name, values in sent.items() if name != "do" and any(values)}


def test_whoever_goes_back_finds_what_they_said_there() -> None:
    """It had to be said, typed and ticked again."""
    when = asked_when()
    assert filled(press(when, "back")) == {"answer": ["0"]}
    assert filled(press(press(when, "unknown"), "back")) == {}
    dated = press(when, "continue", date="March 2021")
    assert filled(dated) == {}
    assert filled(press(dated, "back")) == {"date": ["March 2021"]}
    between = press(when, "continue", earliest="Jan 2020", latest="2021")
    assert filled(press(between, "back")) == {"earliest": ["2020-01"], "latest": ["2021"]}
    assert filled(press(press(when, "continue", latest="2021"), "back")) == {"latest": ["2021"]}
    sent = press(press(dated, "continue", answer="0"), "continue", date="2023")
    assert filled(press(sent, "back")) == {"answer": ["date"], "date": ["2023"]}
    change = page(sent).buttons
    (first,) = [value for name, value, _ in change if name == "change" and "lasting" in value]
    assert filled(sent.send({"change": [first]})) == {"answer": ["0"]}


def test_the_browsers_own_back_shows_what_was_said_there_as_well() -> None:
    visit = Visit()
    for fields in ({"do": ["begin"]}, {}, {"answer": ["0"]}, {"answer": ["1"]}):
        visit.send(json.dumps(fields), "{}")
    assert "checked" in visit.go(3)["html"].partition('value="1"')[2][:20]
    assert 'class="errors"' in visit.go(2)["html"]  # where nothing was chosen yet
    assert "checked" not in visit.go(1)["html"]
    assert visit.go(0)["title"] == SelfCheck.start().title


def test_whoever_goes_back_to_a_date_may_choose_an_answer_instead() -> None:
    """The date that stood there was one answer too many, and had to be taken out by hand."""
    asked = press(press(asked_when(), "continue", date="March 2021"), "continue", answer="0")
    back = press(press(asked, "continue", date="2023"), "back")
    chosen = press(back, "continue", answer="1")
    assert not chosen.wrong
    assert chosen.interview
    assert chosen.interview.replies[-1].chosen == (1,)
    both = press(back, "continue", answer="1", date="2022")  # typed now
    assert "Keep one of the two." in both.wrong[0].text
    assert press(both, "continue").wrong == both.wrong


@pytest.mark.parametrize(
    ("count", "fields"),
    [
        (5, {"tick": ["0", "2"], "unsure": ["yes"]}),
        (5, {"tick": ["0", "2"]}),
        (120, {"tick": ["0", "2"], "sure": ["yes"], "page": ["0"]}),
        (120, {"tick": ["0", "2"], "page": ["0"]}),
    ],
)
def test_whoever_goes_back_finds_what_they_ticked(count: int, fields: dict[str, list[str]]) -> None:
    asked = picking(count)
    again = press(press(asked, "continue", **fields), "back")
    assert filled(again) == fields


def test_a_button_to_change_says_which_answer_it_changes() -> None:
    said_so = [text for name, _, text in page(ended()).buttons if name == "change"]
    assert "Change: When did your Premium begin?" in said_so
    assert len(set(said_so)) == len(said_so)


def test_what_was_saved_is_taken_up_where_it_stopped() -> None:
    half = changed(ended(), "premium[0].start#1")  # what was said after it is saved, too
    people = [file for file in FILES if "archive" not in asked_in(file)[1]]
    some = [check for file in people[::3] for check in played(file, supposing=True)[::2]]
    for check in (*some, half):
        again = SelfCheck.start(check.definition, check.supposing).taken_up(check.saved)
        assert again.saved == check.saved
        assert again.interview == check.interview
    again = press(SelfCheck.start().taken_up(half.saved), "continue", date="2022")
    assert again.title == RESULT


def test_a_saved_file_that_was_altered_is_refused_in_plain_words(tmp_path: Path) -> None:
    carried = json.loads(asked_when().saved)
    altered = [{"knower": each} for each in ("defendant", "documents", "")]
    altered += [{"not_read": 5}, {"definition": "0" * 64}, {"interview": "2"}, {"replies": [{}]}]
    altered += [{"supposing": {**carried["supposing"], key: value}} for key, value in ALTERED]
    texts = [json.dumps(carried | each) for each in altered] + ["{", "{}", "[]", '"x"']
    for text in texts:
        file = tmp_path / "saved.json"
        file.write_text(text, encoding="utf-8")
        check = SelfCheck.start().send({"do": ["resume"]}, {"saved": file})
        assert check.interview is None, text
        assert {each.field for each in check.wrong} == {"saved"}
        assert "to_json" not in check.html
        is_other = "definition" in text and "0" * 64 in text
        way_out = "Begin without them" if is_other else "Choose the file that"
        assert ("saved with another description" in check.wrong[0].text) == is_other
        assert any(way_out in each.text for each in check.wrong)


ALTERED: list[tuple[str, Any]] = [
    ("name", "as you wish"),
    ("text", "Everything is so."),
    ("before", 1_900_000_000_000_000),
    ("before_under", []),
    ("unless", ["inmail", None]),
    ("complete", ["messages", "premium", "permissions"]),
    ("citation", {"locator": "another", "quote": "Everything is so."}),
]


def test_starting_again_is_asked_first() -> None:
    asks = press(ended(), "restart")
    assert press(asks, "keep").html == ended().html
    assert press(asks, "restart-now") == SelfCheck.start()


# ---- many messages -----------------------------------------------------------------------------


def test_of_many_messages_those_that_are_ticked_are_kept_from_page_to_page() -> None:
    check = picking(120)
    assert "Shown: 1 to 50 of 120. Ticked so far: 0." in page(check).words
    check = press(check, "later", tick=["3"])
    assert "Shown: 51 to 100 of 120. Ticked so far: 1." in page(check).words
    check = press(press(check, "later", tick=["3", "60"]), "earlier")
    assert "Shown: 51 to 100 of 120. Ticked so far: 2." in page(check).words
    found = press(check, "seek", seek="row 119")
    assert "Shown: 1 to 1 of 1 (of 120 in all). Ticked so far: 2." in page(found).words
    none = press(found, "seek", seek="row 500")
    assert "None of them says that (of 120 in all)." in page(none).words
    after = press(none, "continue")
    assert after.interview
    assert after.interview.replies[-1].chosen == (3, 60)
    assert not after.interview.replies[-1].rest  # of those that were never shown nothing is said
    sure = press(none, "continue", sure="yes")
    assert sure.interview
    assert sure.interview.replies[-1].rest
    assert "None of all 120" in [text for _, _, text in page(check).buttons]


def test_of_more_messages_than_are_asked_about_at_once_none_of_all_is_one_press() -> None:
    check = press(picking(900), "none")
    buttons = [text for _, _, text in page(check).buttons]
    assert {"None of these 400", "None of all 500"} <= {*buttons}
    last = press(check, "none")
    assert "None of all 100" in [text for _, _, text in page(last).buttons]
    after = press(check, "none-of-all")
    assert after.interview
    assert after.html == press(last, "none").html
    assert list(told(after).values()).count("None of these") == 1


def test_of_a_list_on_one_screen_what_is_not_ticked_is_not_so() -> None:
    for unsure, rest in (("", True), ("yes", False)):
        after = press(picking(3), "continue", tick=["1"], unsure=unsure)
        assert after.interview
        assert after.interview.replies[-1].rest is rest


def test_that_none_of_a_list_is_so_is_said_and_not_slipped_into() -> None:
    check = picking(3)
    slipped = press(check, "continue")
    assert slipped.wrong[0].text.startswith("Nothing is ticked.")
    assert slipped.interview == check.interview
    assert "None of these" in told(press(check, "none")).values()


# ---- the result --------------------------------------------------------------------------------


def test_what_is_not_known_stands_with_who_could_know_it() -> None:
    end = played(next(f for f in FILES if f.stem == "knows-nothing"), supposing=True)[-1]
    headings = [text for _, text in page(end).headings]
    assert "Your receipts or data export can show" in headings
    assert "Only LinkedIn can know" in headings
    assert "Whether a message was shared to train AI" in end.html
    assert "Only LinkedIn can know" in [text for _, text in page(ended()).headings]


@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_what_is_open_is_what_the_verdict_turns_on(supposing: Supposition | None) -> None:
    """Here it is looked for as an interview does, in short; the verdict looks at every record."""
    tried = 0
    for file in FILES:
        check = played(file, supposing=True)[-1]
        assert check.interview
        history = check.interview.history
        if len(getattr(history, "messages", ())) > 50 or (supposing and not check.supposing):
            continue
        verdict = evaluate(history, check.definition, supposing=supposing)
        asked = {path for each in answerable(verdict) for path in each.paths}
        asked |= {path for each in verdict.open for path in each.paths}
        assert set(open_paths(history, check.definition, supposing)) == asked, file.stem
        tried += verdict.status is Status.INDETERMINATE
    assert tried >= 3


def test_several_records_are_counted_where_they_are_open() -> None:
    """And an answer that nobody knows stands there too: it may matter without what is alleged."""
    for name, said_so in (
        ("archive-and-a-break", "When each of 12 Premium subscriptions ended"),
        ("knows-nothing", "Whether you ever allowed LinkedIn to use messages to train AI"),
    ):
        end = played(next(f for f in FILES if f.stem == name), supposing=True)[-1]
        assert said_so in page(end).words


def test_what_each_reading_would_say_is_what_the_survey_says() -> None:
    check = press(ended(), "readings")
    assert check.interview
    for supposing in (None, AS_ALLEGED):
        table = survey(check.interview.history, supposing=supposing)
        status = evaluate(check.interview.history, supposing=supposing).status
        assert to_you(table.agreement(status), "the member") in page(check).words
    row = check.html.partition("Only InMails that you sent count.</th>")[2].partition("</tr>")[0]
    cells = re.findall(r"<td.*?>(.*?)</td>", row)
    assert [re.sub("<.*>", "", each) for each in cells] == ["Open", "Open"]
    both = press(check, "points")
    assert "The description in its own words" in both.html
    assert "Show what several of them together would say" in both.html


def test_of_things_that_are_read_otherwise_all_are_said_and_no_others() -> None:
    own = Reading.of(premium_when="ever")
    told = ended().interview
    assert told
    check = SelfCheck.start(class_definition(own), AS_ALLEGED).begin(told.history)
    while check.title != RESULT:
        check = press(check, "unknown")
    several = press(check, "readings").html.partition("several of them together")[2]
    groups = re.findall(r"(?s)<h3>(.*?)</h3>\s*<ul>(.*?)</ul>", several.partition("</details>")[0])
    means = {to_you(words, "the member").casefold(): value for value, words in MEANS.items()}
    surveys = [dict(survey(told.history, supposing=each).statuses) for each in (None, AS_ALLEGED)]
    short = {"eligible": "fits", "ineligible": "does not fit", "indeterminate": "open"}
    seen = set()
    for says, rows in groups:
        for words in re.findall(r"<li>(.*?)\.</li>", rows):
            values = [means[part.casefold()] for part in words.split("; ")]
            read = {name: v.value for name in DIMENSIONS for v in values if v in DIMENSIONS[name]}
            assert len(read) == len(values) > 1
            assert not read.items() & own.words().items()
            reading = Reading.of(**{**own.words(), **read})
            plain, supposed = (short[each[reading].value] for each in surveys)
            assert says == f"On what you said: {plain}. Supposing what is alleged: {supposed}"
            seen.add(reading)
    assert len(seen) > 10


@pytest.mark.parametrize(
    ("zone", "is_told"), [("Asia/Tokyo", True), ("America/Los_Angeles", False)]
)
def test_who_lives_in_another_zone_is_told_in_which_the_dates_are(zone: str, is_told: bool) -> None:
    """A day of theirs begins in a day of the court's, and may be another in the reasons."""
    told: dict[str, Any] = {"account_id": "fiction", "complete": ["premium"], "time_zone": zone}
    check = SelfCheck.start(class_definition(), AS_ALLEGED).begin(AccountHistory(**told))
    words = f"in its time zone, {zone}; days of the definition are in the court's, America/Los_A"
    assert page(check).words.count(words) == (2 if is_told else 0)  # once for each verdict


def test_what_is_taken_along_says_what_the_result_says() -> None:
    end = ended()
    assert end.interview
    files = {name: end.download(name) for name in end.downloads}
    assert files["letter"][:2] == ("self-check-letter.html", "text/html")
    letter = files["letter"][2].decode()
    assert "whether this account fits" in letter
    assert end.interview.history.account_id not in letter  # nobody gave it
    assert read_history(files["history"][2]) == end.interview.history
    plain, supposed = (json.loads(files[name][2]) for name in ("verdict", "verdict-supposing"))
    assert (plain["status"], plain["supposing"]) == ("indeterminate", None)
    assert (supposed["status"], supposed["supposing"]) == ("eligible", "as-alleged")
    assert SelfCheck.start().downloads == ()
    with pytest.raises(KeyError):
        end.download("nothing")
    with pytest.raises(KeyError):
        SelfCheck.start().download("history")


def test_what_follows_is_found_once_for_all_that_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a long archive it takes long: one part more to show, or a file, begins nothing anew."""
    found: list[str] = []

    def counted(name: str, finds: Any) -> Any:
        def find(*what: Any, **how: Any) -> Any:
            found.append(name)
            return finds(*what, **how)

        return find

    names = ("evaluate", "ladder", "survey", "time_line_part", "unknown_part")
    for name in names:
        monkeypatch.setattr(findings, name, counted(name, getattr(findings, name)))
    check = SelfCheck.start().taken_up(ended().saved)
    for part in ("points", "readings"):
        assert check.html
        check = press(check, part)
    assert check.html
    assert check.download("verdict") == ended().download("verdict")
    assert sorted({*found}) == sorted(names)
    assert [found.count(name) for name in names] == [1, 2, 2, 1, 1]


def test_the_time_line_is_named_described_and_said_in_a_table() -> None:
    for check in (ended(), played(FILES[0], supposing=True)[-1]):
        shown = page(check)
        (picture,) = [named for named in shown.all("svg") if named.get("role") == "img"]
        assert set((picture["aria-labelledby"] or "").split()) <= set(shown.ids)
    paid = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": EXPORT}).interview
    assert paid
    shown = time_line_part(paid.history, paid.definition)
    assert "Certain: at some time on 2 August 2024 and on 2 September 2024." in shown
    assert shown.count('class="point"') == 6 + 1  # two receipts, four messages, and the legend
    words = page(ended()).words
    assert re.search(r"Permissions\s+None that counts is listed\.", words)
    assert "Message 1: sent" in words
    assert "Was sent in 2023." in words
    assert "The description turns on this day." in words


@pytest.mark.parametrize("at", [EARLIEST + 1, LATEST])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_time_line_has_a_year_where_all_lies_at_an_end_of_time(at: int, zone: str) -> None:
    """There, it is another year in some zones."""
    facts = normalise(AccountHistory(account_id="A"))
    axis = lanes._axis(facts, (lanes.Mark(at, "a day", ()),), load_zone(zone))
    assert axis.years == 1
    assert axis.start < axis.end


# ---- what every screen has ---------------------------------------------------------------------


def test_every_screen_says_that_it_is_a_self_check_and_how_the_case_stands() -> None:
    for check in screens():
        words = page(check).words
        assert words.startswith("Self-check")
        assert words.count("This is a self-check.") == 1
        assert words.count(check.definition.notice) == 1 or not check.definition.notice, check.title
    for name in ("letter", "verdict", "verdict-supposing"):
        text = ended().download(name)[2].decode()
        assert NOTICE in text.replace("&#x27;", "'")


def test_no_question_shows_where_an_answer_leads() -> None:
    for check in screens():
        if check.interview and check.interview.question:
            before = page(check).words.partition("What this self-check can")[0]
            assert not re.search("eligible|indeterminate|fits? the description", before)


def test_every_screen_is_built_for_those_who_hear_it() -> None:
    for check in screens():
        shown = page(check)
        assert len(shown.ids) == len(set(shown.ids)), check.title
        levels = [level for level, _ in shown.headings]
        assert levels.count(1) == 1
        first = levels.index(1)
        assert levels[:first] in ([], [2])  # the summary of errors stands before the heading
        for before, after in zip(levels[first:], levels[first + 1 :], strict=False):
            assert after - before <= 1, check.title
        for _, named in shown.elements:
            pointed = (named.get("aria-describedby") or "").split()
            pointed += [(named.get("for") or "")] if "for" in named else []
            pointed += [(named["href"] or "")[1:]] if "href" in named else []
            assert set(pointed) <= set(shown.ids), (check.title, named)
        focus = [named for _, named in shown.elements if "autofocus" in named]
        assert len(focus) == (0 if check.interview is None and not check.wrong else 1), check.title
        for named in shown.all("input"):
            if named.get("type") != "hidden":
                assert shown.labels[named["id"] or ""].strip(), named
        for _, _, text in shown.buttons:
            assert text.strip()
        has_boxes = any(named.get("name") == "tick" for named in shown.all("input"))
        assert ("Tick all that apply." in shown.words) == has_boxes, check.title


def test_what_answers_a_question_stands_in_a_group_that_names_it() -> None:
    for check in screens():
        if check.interview and check.interview.question and "Do you want to" not in check.title:
            assert re.search(r"<fieldset[^>]*><legend><h1[^>]*>", check.html)
            assert "I don't know" in [text for _, _, text in page(check).buttons]


def test_of_a_long_help_all_but_its_first_line_is_folded() -> None:
    check = press(SelfCheck.start(), "begin")
    assert check.interview
    assert check.interview.question
    first, *others = check.interview.question.help.splitlines()
    assert len(first) < 160
    assert all(plan in first for plan in ("Premium Career", "Sales Navigator", "Recruiter"))
    shown, _, folded = check.html.partition("<details>")
    assert first in shown
    assert [each for each in others if each in folded] == others != []
    (asked,) = page(check).all("fieldset")
    assert asked["aria-describedby"] == "help"


def test_a_server_has_its_forms_posted_to_an_address_and_the_check_carried_once() -> None:
    for check in (SelfCheck.start(), asked_when(), picking(3), ended()):
        shown = Page(check.page("/here", carries=True))
        assert {form["action"] for form in shown.all("form")} == {"/here"}
        carried = [n["value"] for n in shown.all("input") if n.get("name") == "carried"]
        assert carried == ([check.saved] if check.interview else [])


def test_the_checklist_names_tests_that_there_are() -> None:
    page = Path("docs/reference/self-check.md").read_text(encoding="utf-8")
    for name, star in set(re.findall(r"`(test_\w+)`(\*?)", page)):
        file = Path(__file__).with_name("test_browser.py" if star else "test_screens.py")
        assert f"def {name}(" in file.read_text(encoding="utf-8"), name


# ---- colours -----------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def palettes() -> Iterator[dict[str, str]]:
    style = Path("src/eligibility/web/sources/style.css").read_text(encoding="utf-8")
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]:
        yield dict(re.findall(r"--([\w-]+): (#\w{6});", block))


def test_colours_keep_their_contrast_in_light_and_dark() -> None:
    light, dark = palettes()
    assert light.keys() == dark.keys()
    for colours in (light, dark):
        for ground in (colours["ground"], colours["raised"]):
            for name in ("ink", "quiet", "accent", "accent-near", "link", "wrong", "mark"):
                assert contrast(colours[name], ground) >= 4.5, name
            for name in ("line", "focus", "certain", "possible", "yes", "no", "open"):
                assert contrast(colours[name], ground) >= 3, name
        assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
        assert contrast(colours["on-accent"], colours["accent-near"]) >= 4.5
        assert contrast(colours["wrong"], colours["wrong-ground"]) >= 4.5
