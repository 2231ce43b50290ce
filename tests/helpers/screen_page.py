"""The screens of a self-check as a browser has them: forms, labels, headings, the focus."""

from html.parser import HTMLParser
from typing import Any

from eligibility.web.screens import SelfCheck

Attributes = dict[str, str | None]
VOID = frozenset({"input", "br", "hr", "meta", "link"})


class Page(HTMLParser):
    """A screen: its elements in order, its forms, the texts of labels, buttons, headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.forms: list[list[tuple[str, Attributes]]] = []
        self.labels: dict[str, str] = {}
        self.headings: list[tuple[int, str]] = []
        self.buttons: list[tuple[str, str, str]] = []
        self.words = ""
        self._open: list[tuple[str, Attributes]] = []
        self.feed(html)
        self.close()
        assert self._open == [], "an element is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        assert len(named) == len(attrs), f"an attribute stands twice: {attrs}"
        self.elements.append((tag, named))
        if tag == "form":
            self.forms.append([])
        elif tag in ("input", "button"):
            self.forms[-1].append((tag, named))
        if tag == "label":
            self.labels[named["for"] or ""] = ""
        elif tag == "button":
            self.buttons.append((named["name"] or "", named["value"] or "", ""))
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append((tag, named))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag, f"{opened} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        self.words += data
        for tag, named in self._open:
            if tag == "label":
                self.labels[named["for"] or ""] += data
            elif tag == "button":
                name, value, text = self.buttons[-1]
                self.buttons[-1] = (name, value, text + data)
            elif tag in ("h1", "h2", "h3", "h4"):
                level, text = self.headings[-1]
                self.headings[-1] = (level, text + data)

    def all(self, tag: str) -> list[Attributes]:
        return [named for each, named in self.elements if each == tag]

    @property
    def ids(self) -> list[str]:
        return [named["id"] or "" for _, named in self.elements if "id" in named]

    def sent_by(self, name: str, value: str) -> dict[str, list[str]]:
        """The fields that are sent when a button is pressed and nothing more is filled in."""
        for form in self.forms:
            if ("button", name, value) in ((t, n.get("name"), n.get("value")) for t, n in form):
                sent: dict[str, list[str]] = {name: [value]}
                for tag, field in form:
                    is_on = field.get("type") in ("text", "hidden") or "checked" in field
                    if tag == "input" and is_on:
                        sent.setdefault(field["name"] or "", []).append(field.get("value") or "")
                return sent
        raise AssertionError(f"no button {name}={value}")


def page(check: SelfCheck) -> Page:
    return Page(check.html)


def press(check: SelfCheck, do: str, **fields: Any) -> SelfCheck:
    """What comes of pressing a button of the screen, some fields filled in."""
    filled = {key: [value] if isinstance(value, str) else value for key, value in fields.items()}
    return check.send({**page(check).sent_by("do", do), **filled})


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
        places = [
            str(at)
            for at, answer in enumerate(question.answers)
            if any(each.lower() in answer.text.lower() for each in parts)
        ]
        if places:
            name = "tick" if question.takes_several else "answer"
            return press(check, "continue", **{name: places})
        if question.kind == "pick":
            return press(check, "none")
    return press(check, "unknown")
