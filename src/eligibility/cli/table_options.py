"""The options that say how the tables of IN are written, for each command that reads them."""

from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from eligibility.cli.options import misused
from eligibility.errors import EligibilityError, Problem

if TYPE_CHECKING:
    from eligibility.batch.tables.options import InputOptions, NumberUnit

SeparatorOption = Annotated[
    str | None,
    typer.Option(metavar="SIGN", help="What parts the columns of text files: `;`, `tab`."),
]
DateFormatOption = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT", help="How dates are written: `%d/%m/%Y`, `%m/%d/%Y %H:%M`, `%d-%b-%Y`."
    ),
]
NumberUnitOption = Annotated[
    str | None,
    typer.Option(
        metavar="UNIT", help="What numbers in columns of moments count since 1970: s, ms, us, ns."
    ),
]
IgnoreColumnOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Leave a column out: NAME or TABLE.NAME. Repeatable."),
]
IgnoreFileOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Leave a file or folder of IN out. Repeatable."),
]
RenameOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="THEIRS=OURS", help="What a column is to be called: created=sent_at. Repeatable."
    ),
]
_RENAME: Final = "--rename"


def input_options(  # noqa: PLR0913 - each is one option of the command line
    *,
    separator: str | None,
    date_format: str | None,
    number_unit: str | None,
    ignore_column: list[str] | None,
    ignore_file: list[str] | None,
    rename: list[str] | None,
) -> "InputOptions":
    """What the options say; bad usage where that cannot be meant."""
    from eligibility.batch.tables.options import InputOptions  # noqa: PLC0415 - the extra

    pairs = [word.rpartition("=") for word in rename or []]
    for theirs, equals, ours in pairs:
        if not (theirs and equals and ours):
            raise typer.BadParameter("Write it as `theirs=ours`.", param_hint=_RENAME)
    twice = {theirs for theirs, _, _ in pairs if [pair[0] for pair in pairs].count(theirs) > 1}
    if twice:
        raise typer.BadParameter("It says a column twice.", param_hint=_RENAME)
    try:
        return InputOptions(
            separator=separator,
            date_format=date_format,
            number_unit=cast("NumberUnit | None", number_unit),  # it refuses what is none
            ignore_columns=ignore_column or (),
            ignore_files=ignore_file or (),
            rename=[(theirs, ours) for theirs, _, ours in pairs],
        )
    except EligibilityError as error:
        raise misused(error, _option(error.problems[0])) from None


def _option(problem: Problem) -> str:
    return f"--{problem.path.replace('_', '-')}"
