"""Prompts in a terminal: to choose, to tick, to type. They are questionary's.

Words are wrapped to the width of the terminal first: a terminal would cut them within a word.
"""

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from eligibility.errors import printable

T = TypeVar("T")
#: Sentences are not drawn out further, however wide the terminal is.
_WIDEST: Final = 90
#: Of so many choices and more, those are shown that hold what is typed.
_MANY: Final = 12


class StoppedError(Exception):
    """Whoever was asked has had enough for now."""


def choose(text: str, choices: Iterable[tuple[str, T]]) -> T:
    """One of several, by what is to come of it."""
    import questionary  # noqa: PLC0415 - for the command that asks, alone

    offers = list(choices)
    asked = with_room(text, [words for words, _ in offers])
    chosen: T = _said(questionary.select(asked, _offered(offers), instruction=" "))
    return chosen


def with_room(text: str, answers: Iterable[str]) -> str:
    """A question in lines, the last of which has room for whichever answer stands behind it then.

    A terminal would cut the answer within a word.
    """
    asked, columns = _wrapped(text), _columns()
    last = len(asked.rpartition("\n")[2]) + 2 * ("\n" not in asked)
    longest = max(map(len, answers), default=0)
    return asked if last + 1 + longest < columns else f"{asked}\n "


def tick(text: str, choices: Sequence[tuple[str, T]]) -> list[T]:
    """Several of them, or none.

    The prompt is erased once it is answered: it would say 'done (2 selections)', in its own words.
    """
    import questionary  # noqa: PLC0415 - as above

    many = len(choices) >= _MANY
    how = "Space ticks, Enter goes on." + (" Type to see only some." if many else "")
    ticked: list[T] = _said(
        questionary.checkbox(
            f"{_wrapped(text)}\n{_wrapped(how)}",
            _offered(choices),
            instruction=" ",
            use_search_filter=many,
            use_jk_keys=not many,
            erase_when_done=True,
        )
    )
    return ticked


def type_text(text: str) -> str:
    """What is typed, without blanks around it."""
    import questionary  # noqa: PLC0415 - as above

    return str(_said(questionary.text(f"{_wrapped(text)}\n "))).strip()


def type_path(text: str) -> str:
    """The path of a file, as it is typed or dropped into the terminal."""
    import questionary  # noqa: PLC0415 - as above

    typed = str(_said(questionary.path(f"{_wrapped(text)}\n "))).strip()
    quoted = len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\""
    path = typed[1:-1] if quoted else typed
    try:
        return str(Path(path).expanduser()) if path.startswith("~") else path
    except RuntimeError:  # nobody here has that name, so a file may have it
        return path


def _offered(choices: Iterable[tuple[str, Any]]) -> list[Any]:
    import questionary  # noqa: PLC0415 - as above

    return [questionary.Choice(_wrapped(words, 5), at) for words, at in choices]


def _wrapped(text: str, indent: int = 2) -> str:
    """Words in lines, each after the first so far in: what stands before the first is as long."""
    width = _columns() - indent - 1
    lines = textwrap.wrap(printable(text), max(width, 10), break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)


def _columns() -> int:
    """How wide a sentence may be."""
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _said(prompt: Any) -> Any:
    """What was said to a prompt."""
    try:
        return prompt.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise StoppedError from None
