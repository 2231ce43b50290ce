"""How sections of lines reach a terminal, a pipe or a file.

Every line is plain text: no markup, no emoji codes, no control characters, whatever a user wrote.
Colour is for headings, and only on a terminal.
"""

import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from eligibility.errors import json_text, printable
from eligibility.text.section import Section
from eligibility.values.truth import Status

if TYPE_CHECKING:
    from rich.progress import Progress

#: Sentences are not drawn out further, however wide the terminal is.
_WIDEST: Final = 100
#: No terminal is taken to be narrower than this, and no table is drawn wider than that.
_NARROWEST: Final = 40
_WIDEST_TABLE: Final = 500
_PLAIN: Final = str.maketrans({"“": '"', "”": '"', "\u2019": "'", "…": "...", "→": "->"})
_STYLES: Final = {
    Status.ELIGIBLE.value.upper(): "bold green",
    Status.INELIGIBLE.value.upper(): "bold red",
    Status.INDETERMINATE.value.upper(): "bold yellow",
}


def console(*, stderr: bool = False, soft_wrap: bool = True) -> Console:
    """A console that interprets nothing, and is wide enough whatever the environment says."""
    columns, lines = shutil.get_terminal_size()
    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=soft_wrap,
        width=min(max(columns, _NARROWEST), _WIDEST_TABLE),
        height=lines,
    )


def can_draw(of: Console) -> bool:
    """Whether the console's encoding has the characters of the picture and of the quotations."""
    try:
        "█░●─┄│┴▁▅·“”\u2019…→".encode(of.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def width_of(of: Console) -> int:
    """How wide sentences and pictures may be."""
    return min(of.width, _WIDEST)


def show(of: Console, sections: Iterable[Section]) -> None:
    """Print sections, each followed by a blank line; lines are wrapped under their own indent."""
    for section in sections:
        if not section.lines:
            continue
        show_words(of, section.heading, "bold")
        for line in section.lines:
            style = _STYLES.get(line.partition(",")[0], "") if not section.heading else ""
            for part in _wrapped(line, width_of(of), "  " if section.heading else ""):
                show_line(of, part, style)
        show_line(of, "")


def show_picture(of: Console, heading: str, picture: str) -> None:
    """Print a picture as it is."""
    show_words(of, heading, "bold")
    for line in picture.split("\n"):
        show_line(of, line)
    show_line(of, "")


def show_words(of: Console, words: str, style: str = "") -> None:
    """Print words in as many lines as they take."""
    for part in _wrapped(words, width_of(of), ""):
        show_line(of, part, style)


def show_line(of: Console, words: str, style: str = "") -> None:
    """Print words on a line of their own, such as one thing that is wrong."""
    text = printable(words)
    if not can_draw(of):
        text = text.translate(_PLAIN).encode(of.encoding, "backslashreplace").decode(of.encoding)
    of.print(Text(text, style=style, end="\n"))


def write_json(data: Any, *, stderr: bool = False, indent: int | None = None) -> None:
    """Write JSON and a line break as UTF-8, whatever the locale is: the same bytes everywhere."""
    typer.echo(json_text(data, indent=indent).encode(), err=stderr)


def _wrapped(line: str, width: int, margin: str) -> list[str]:
    words = printable(line)
    indent = margin + " " * (len(words) - len(words.lstrip(" ")))
    return textwrap.wrap(
        words.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


class Waiting:
    """Says on a terminal's standard error what is being done, if it may take a while."""

    def __init__(self, *, is_long: bool) -> None:
        """`is_long`: whether there is enough to do for somebody to wonder."""
        self._progress: Progress | None = None
        if is_long and sys.stderr.isatty():  # a progress that is disabled writes line breaks
            from rich import progress  # noqa: PLC0415 - only for who waits

            self._progress = progress.Progress(
                progress.SpinnerColumn(),
                progress.TextColumn("{task.description}", markup=False),
                progress.TimeElapsedColumn(),
                console=console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._progress.add_task("", total=None)

    def say(self, words: str) -> None:
        """What is being done now."""
        if self._progress is not None:
            self._progress.update(self._task, description=printable(words))
            self._progress.start()

    def hush(self) -> None:
        """Take it off the screen: something is about to be printed."""
        if self._progress is not None:
            self._progress.stop()
