"""The screens of the self-check, without a browser: forms are sent as their HTML says."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from interview_people import FILES, asked_in, definition_of, history_of

from eligibility import AccountHistory
from eligibility.rules import AS_ALLEGED
from eligibility.web.screens import SelfCheck

EXPORT = Path("examples/archive/ada-example-export.zip")


class Page(HTMLParser):
    """The forms of a screen, with their fields, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[list[dict[str, str | None]]] = []
        self.labels: dict[str, str] = {}
        self.ids: list[str] = []
        self.text: list[str] = []
        self._label: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if "id" in named:
            self.ids.append(named["id"] or "")
        if tag == "form":
            self.forms.append([])
        elif tag in ("input", "button"):
            self.forms[-1].append({**named, "tag": tag})
        elif tag == "label":
            self._label = named["for"]
            self.labels[named["for"] or ""] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._label:
            self.labels[self._label] += data

    @property
    def words(self) -> str:
        return " ".join(self.text)

    def button(self, name: str, value: str) -> dict[str, list[str]]:
        """The fields that are sent when a button is pressed and nothing is filled in."""
        for form in self.forms:
            if any((each.get("name"), each.get("value")) == (name, value) for each in form):
                sent: dict[str, list[str]] = {name: [value]}
                for each in form:
                    is_on = each.get("type") in ("text", "hidden") or "checked" in each
                    if each["tag"] == "input" and is_on:
                        sent.setdefault(each["name"] or "", []).append(each.get("value") or "")
                return sent
        raise AssertionError(f"no button {name}={value}")


def page(check: SelfCheck) -> Page:
    return Page(check.html)


def press(check: SelfCheck, do: str, **fields: Any) -> SelfCheck:
    """What comes of pressing a button of the screen, some fields filled in."""
    filled = {key: [value] if isinstance(value, str) else value for key, value in fields.items()}
    return check.send({**page(check).button("do", do), **filled})


def begun(person: dict[str, Any], *, supposing: bool) -> SelfCheck:
    """A check that begins with what a person's archive or history shows."""
    definition = definition_of(person)
    supposed = AS_ALLEGED if supposing and definition.model is AccountHistory else None
    check = SelfCheck.start(definition, supposed)
    return check.begin(history_of(person, definition.model), tuple(person.get("likely", ())))


def said(person: dict[str, Any], check: SelfCheck) -> SelfCheck:
    """What a person says to the screen that stands, by its form (see `interview_people`)."""
    assert check.interview
    question = check.interview.question
    assert question
    for part, words in person["says"].items():
        if part not in question.text:
            continue
        if isinstance(words, str) and words.startswith("on "):
            if question.takes_date:
                return press(check, "continue", date=words.removeprefix("on "))
            continue
        parts = [words] if isinstance(words, str) else words
        name = "tick" if question.takes_several else "answer"
        places = [
            str(at)
            for at, answer in enumerate(question.answers)
            if any(each.lower() in answer.text.lower() for each in parts)
        ]
        if places:
            return press(check, "continue", **{name: places})
        if question.kind == "pick":
            return press(check, "none")
    return press(check, "unknown")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_golden_dialogue_comes_to_its_verdict_by_forms(file: Path) -> None:
    _, person = asked_in(file)
    for supposing in (True, False) if "ends_without" in person else (False,):
        check = begun(person, supposing=supposing)
        for _ in range(person["at_most"] + 1):
            assert check.interview
            if check.interview.question is None:
                break
            check = said(person, check)
            assert not check.wrong
        key = "ends_without" if "ends_without" in person and not supposing else "ends"
        assert check.interview
        assert check.interview.verdict.status.value == person[key]
        assert check.title == "The result of your self-check"


def test_the_first_screen_offers_an_archive_only_where_one_can_be_read() -> None:
    assert 'name="archive"' in SelfCheck.start().html
    flo = definition_of({"case": "flo"})
    assert 'name="archive"' not in SelfCheck.start(flo).html
    assert "LinkedIn" not in SelfCheck.start(flo).html


def test_an_archive_begins_the_questions() -> None:
    check = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": EXPORT})
    assert check.interview
    assert check.interview.start_history.messages  # type: ignore[attr-defined]  # it is of the case
    broken = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": Path(__file__)})
    assert [each.field for each in broken.wrong] == ["archive"]
    assert re.search('aria-invalid="true"', broken.html)
