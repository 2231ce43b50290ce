"""The letter about a file that was checked: as HTML, PDF or JSON, by the ending of its name.

What can be refused before anything is decided is refused then: a name that says no form, a form
that needs what is not installed, a place that cannot be written to.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from eligibility.cli import inputs
from eligibility.errors import EligibilityError, InvalidHistory, Problem, printable, shown

if TYPE_CHECKING:
    from eligibility.text.writing import Letter
    from eligibility.verdict.record import Verdict

LetterOption = Annotated[
    str | None,
    typer.Option(
        "--letter",
        metavar="OUT",
        help="Write a letter about FILE, to keep or to send: OUT.html, OUT.pdf (needs the extra "
        "`pdf`) or OUT.json.",
    ),
]
_FORMS: Final = (".html", ".pdf", ".json")


def refuse_letter(out: str | None, files: list[str]) -> None:
    """Refuse, as bad usage, a letter that could not be written."""
    if out is None:
        return
    path = Path(out)
    wrong = ""
    if path.suffix.lower() not in _FORMS:
        wrong = f"`{shown(out)}` must end in {', '.join(_FORMS[:-1])} or {_FORMS[-1]}."
    elif len(files) != 1:
        wrong = "A letter is about one account: give one FILE."
    elif not path.parent.is_dir():
        wrong = f"There is no folder `{shown(path.parent)}`."
    elif inputs.STDIN not in files and _is_same(path, Path(files[0])):
        wrong = "The letter would take the place of FILE: give it another name."
    elif path.suffix.lower() == ".pdf" and find_spec("typst") is None:
        from eligibility.pdf.typeset import no_typst  # noqa: PLC0415 - only to refuse

        (problem,) = no_typst().problems
        wrong = f"{problem.message} {problem.hint}"
    if wrong:
        raise typer.BadParameter(wrong, param_hint="--letter")


def _is_same(out: Path, file: Path) -> bool:
    try:
        return out.exists() and out.samefile(file)
    except (OSError, ValueError):
        return False


def save_letter(out: str, given: inputs.Input, verdict: "Verdict") -> None:
    """Write the letter about a verdict, under its definition and what it supposes.

    Raises:
        EligibilityError: `not-writable`, the file cannot be written.
    """
    from eligibility.api import write_letter  # noqa: PLC0415 - where one is asked for

    unread = given.report.problems if given.report else ()
    letter = write_letter(
        given.history,
        verdict.definition,
        supposing=verdict.supposing,
        unread=tuple(f"{each.path}: {each.message}" for each in unread),
    )
    try:
        Path(out).write_bytes(_bytes_of(letter, Path(out).suffix.lower()))
    except OSError as error:
        raise _not_writable(out, error) from None


def _bytes_of(letter: "Letter", form: str) -> bytes:
    if form == ".pdf":
        from eligibility.pdf import letter_pdf  # noqa: PLC0415 - heavy, and an extra of its own

        return letter_pdf(letter)
    from eligibility.text.letter_html import letter_page  # noqa: PLC0415 - where one is asked for

    text = letter_page(letter) if form == ".html" else f"{letter.to_json(indent=2)}\n"
    return text.encode()


def _not_writable(out: str, error: OSError) -> EligibilityError:
    words = f"The letter cannot be written to `{printable(out)}`: {error.strerror or 'no reason'}."
    hint = "Give a name in a folder that you may write to."
    return InvalidHistory([Problem("not-writable", "", words, hint)])
