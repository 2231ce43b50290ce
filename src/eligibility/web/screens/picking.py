"""Records to pick from: of many, so many at a time, and those that hold a word.

What is ticked and not shown goes with the form, so that nothing is lost on the way through.
"""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from eligibility.interview import Question
from eligibility.interview.transcript import NONE
from eligibility.text.markup import Html, tag
from eligibility.web.screens.fields import Sent, place
from eligibility.web.screens.forms import button, choice, choices, text_field

#: How many records are shown at a time.
SHOWN: Final = 50
#: Buttons that show others of them, and by how many pages; a search begins at the first.
TURNS: Final = {"earlier": -1, "later": 1, "seek": None}


@frozen
class Shelf:
    """Which of the records are shown: those that hold a word, and of them one page.

    >>> shelf = Shelf.of(["in May 2023", "in June 2024", "in July 2024"], "2024", 7)
    >>> shelf.found, shelf.page, shelf.shown
    ((1, 2), 0, (1, 2))
    """

    found: tuple[int, ...]
    page: int
    shown: tuple[int, ...]

    @classmethod
    def of(cls, texts: list[str], seek: str, page: int) -> "Shelf":
        """The shelf of some texts; the last page for one that there is not."""
        words = seek.casefold().split()
        lower = (text.casefold() for text in texts)
        found = tuple(at for at, text in enumerate(lower) if all(word in text for word in words))
        page = min(max(page, 0), max(len(found) - 1, 0) // SHOWN)
        return cls(found, page, found[page * SHOWN : (page + 1) * SHOWN])


def pick_part(question: Question, sent: Sent, *, takes_focus: bool) -> Iterator[Html]:
    """The boxes to tick, and how to find the ones that matter among many."""
    texts = [answer.text for answer in question.answers]
    shelf = Shelf.of(texts, sent.one("seek"), place(sent.one("page")))
    ticked = set(sent.all("tick"))
    if _is_long(question):
        yield _search(sent)
        yield _where(
            shelf, len(texts), len(ticked), takes_focus=takes_focus and bool(sent.one("page"))
        )
    options = [(str(at), texts[at]) for at in shelf.shown]
    yield choices("checkbox", "tick", options, ticked)
    shown = {str(at) for at in shelf.shown}
    for at in range(len(texts)) if ticked - shown else ():
        if str(at) in ticked - shown:
            yield tag("input", type="hidden", name="tick", value=str(at))
    if _is_long(question):
        yield tag("input", type="hidden", name="page", value=str(shelf.page))
        yield _pages(shelf)
    name, words = "unsure", "I am not sure about those that I did not tick"
    if _is_long(question):
        name, words = "sure", f"I looked through all {len(texts):,}: none of the others was so"
    rest = choice("checkbox", name, words, name=name, value="yes", checked=bool(sent.one(name)))
    yield tag("div", rest, class_="choices apart")


def of_the_rest(question: Question, sent: Sent) -> bool:
    """Whether something is said of what was not ticked: that it is not so.

    Of a list that does not stand on one screen, they must say that they looked through it.
    """
    return bool(sent.one("sure")) if _is_long(question) else not sent.one("unsure")


def marks_of_the_rest(question: Question, *, rest: bool) -> tuple[str, ...]:
    """The boxes that say so, or that nothing is said of it: of records to pick from."""
    if question.kind != "pick":
        return ()
    return ("sure",) * rest if _is_long(question) else ("unsure",) * (not rest)


def none_buttons(question: Question) -> Iterator[Html]:
    """Say that none of the list is so, or none of those either that may be asked about next."""
    count, others = len(question.answers), len(question.others)
    all_of = f"None of these {count:,}" if others else f"None of all {count:,}"
    yield button(all_of if _is_long(question) else NONE, "none")
    if others:
        yield button(f"None of all {count + others:,}", "none-of-all")


def turned(sent: Sent, do: str) -> Sent:
    """The same fields, on another page or with another word to look for."""
    by = TURNS[do]
    page = 0 if by is None else max(place(sent.one("page")) + by, 0)
    return Sent({**sent.draft.fields, "page": (str(page),)})


def _is_long(question: Question) -> bool:
    return len(question.answers) > SHOWN


def _search(sent: Sent) -> Html:
    hint = "For example a month, or a year. Leave it empty to see all."
    field = text_field("seek", "Only show those that say", sent.one("seek"), (), hint)
    return tag("div", field, button("Show", "seek"), class_="search")


def _where(shelf: Shelf, total: int, ticked: int, *, takes_focus: bool) -> Html:
    first = shelf.page * SHOWN + 1
    some = f"{first:,} to {first + len(shelf.shown) - 1:,} of {len(shelf.found):,}"
    words = f"Shown: {some}" if shelf.shown else "None of them says that"
    of = "" if len(shelf.found) == total else f" (of {total:,} in all)"
    return tag(
        "p",
        f"{words}{of}. Ticked so far: {ticked:,}.",
        class_="hint",
        tabindex="-1",
        autofocus=takes_focus,
    )


def _pages(shelf: Shelf) -> Html:
    is_last = (shelf.page + 1) * SHOWN >= len(shelf.found)
    turn = [button(f"Show the {SHOWN} before", "earlier")] if shelf.page else []
    turn += [] if is_last else [button(f"Show the next {SHOWN}", "later")]
    return tag("div", *turn, class_="buttons")
