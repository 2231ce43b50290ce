"""Options that several commands have, and what they say."""

import re
from typing import Annotated, Final

import attrs
import typer

from eligibility.errors import EligibilityError, Problem, UnknownReading, shown
from eligibility.facts.read import MOST_RECORDS
from eligibility.facts.supposition import Supposition
from eligibility.linkedin.stream import Limits
from eligibility.readings import reading_options
from eligibility.rules import SUPPOSITIONS

_READING_HELP: Final = "Choose how a disputed term is read. Repeatable. " + " ".join(
    f"{each}." for each in reading_options()
)
ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", metavar="NAME=VALUE", help=_READING_HELP)
]
SupposeOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Decide as if this were so; the verdict says that. `as-alleged`."
    ),
]
_WHOLE: Final = re.compile("0*[1-9][0-9]{0,14}", re.ASCII)
_RECORDS: Final = "records"
_LIMITS: Final = {
    **{limit.name: limit.default for limit in attrs.fields(Limits)},
    _RECORDS: MOST_RECORDS,
}
LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=N",
        help="Read so much before an input is refused: `records` of a history in JSON, the others "
        "of an archive. Repeatable. "
        + " ".join(f"{name}={default}" for name, default in _LIMITS.items())
        + ".",
    ),
]


def limits_of(words: list[str] | None) -> tuple[Limits | None, int | None]:
    """The limits that `--limit` says of archives, and of the records of a history in JSON.

    None if it says none; bad usage if one is no such.
    """
    limits: dict[str, int] = {}
    wrong = []
    for word in words or []:
        name, _, number = word.partition("=")
        if name not in _LIMITS:
            wrong.append(f"`{shown(name)}` is no limit. There are {', '.join(_LIMITS)}.")
        elif name in limits:
            wrong.append(f"`{name}` is said twice.")
        elif not _WHOLE.fullmatch(number):
            wrong.append(f"`{shown(word)}`: give a whole number from 1, as in `{name}=1000`.")
        else:
            limits[name] = int(number)
    if wrong:
        raise typer.BadParameter("\n".join(wrong), param_hint="--limit")
    records = limits.pop(_RECORDS, None)
    return Limits(**limits) if limits else None, records


def whole_number(word: str | int) -> int:
    """A number of parts, processes, accounts or the like; bad usage if it is none from 1."""
    if not _WHOLE.fullmatch(str(word)):
        raise typer.BadParameter(f"`{shown(word)}`: give a whole number from 1.")
    return int(word)


def supposition_of(name: str | None) -> Supposition | None:
    """The supposition that `--suppose` names; bad usage if there is no such."""
    if name is None or name in SUPPOSITIONS:
        return SUPPOSITIONS.get(name or "")
    problem = Problem(
        "unknown-supposition",
        "",
        f"There is no supposition `{shown(name)}`.",
        f"Write {' or '.join(f'`{each}`' for each in SUPPOSITIONS)}.",
    )
    raise misused(UnknownReading([problem]), "--suppose")


def misused(error: EligibilityError, option: str) -> typer.BadParameter:
    """All that is wrong with an option, as bad usage."""
    words = "\n".join(str(problem) for problem in error.problems)
    return typer.BadParameter(words, param_hint=option)
