"""What verdicts come to: how many accounts have each status, and where the others drop out.

Verdicts come in, by the row; small tables go out. The attrition has a row for all accounts and one
for each clause and exclusion, in the order of the definition.
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from eligibility.arguments import expect
from eligibility.batch.errors import BatchError
from eligibility.batch.tables.schema import STATUS, clause_columns, survey_columns
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import Problem, way_to_install
from eligibility.values.truth import Status

#: The step before the first clause.
ALL_ACCOUNTS: Final = "all-accounts"

_WORDS: Final = {"still_in": "still in", "undecided": "undecided", "out": "out"}
#: Colours that people who see few colours can tell apart, and that print in grey.
_COLOURS: Final = {"still_in": "#08519c", "undecided": "#9ecae1", "out": "#d9d9d9"}
#: A bar that is narrower than this part of all has no room for its number.
_NARROW: Final = 0.08


def attrition(verdicts: pl.LazyFrame | pl.DataFrame, definition: ClassDefinition) -> pl.DataFrame:
    """How far the accounts get, clause by clause.

    Args:
        verdicts: as `decide` gives them; rows without a status are not counted.
        definition: the one that they were decided by.

    Returns:
        `step` (a clause's id), `words`, and how many accounts are `still_in` (some record surely
        meets this clause and all before it), `undecided` (possibly) and `out` (none can).
    """
    expect(definition, ClassDefinition, "definition")
    expect(verdicts, pl.LazyFrame | pl.DataFrame, "verdicts", "Pass what `decide` returned.")
    decided = verdicts.lazy().filter(pl.col(STATUS).is_not_null())
    columns = clause_columns(definition.steps)
    words = ("true", "unknown", "false")
    counts = decided.select(
        pl.len().alias("accounts"),
        *((pl.col(c) == word).sum().alias(f"{c} {word}") for c in columns for word in words),
    ).collect(engine="streaming")
    found = counts.row(0, named=True)
    rows: list[tuple[str, str, int, int, int]] = [
        (ALL_ACCOUNTS, "all accounts that were decided", found["accounts"], 0, 0)
    ]
    for column, step in zip(columns, definition.steps, strict=True):
        still_in, undecided, out = (found[f"{column} {word}"] for word in words)
        rows.append((step.id, step.text, still_in, undecided, out))
    schema = {"step": pl.String(), "words": pl.String()} | dict.fromkeys(
        ("still_in", "undecided", "out"), pl.Int64()
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def statuses(
    verdicts: pl.LazyFrame, definitions: Sequence[ClassDefinition]
) -> list[dict[str, int]]:
    """How many accounts have each status, by each definition; of a run of one, or of a survey."""
    columns = [STATUS] if len(definitions) == 1 else survey_columns(definitions)
    counts = verdicts.select(
        (pl.col(column) == status.value).sum().alias(f"{column} {status.value}")
        for column in columns
        for status in Status
    )
    found = counts.collect(engine="streaming").row(0, named=True)
    return [
        {status.value: found[f"{column} {status.value}"] for status in Status} for column in columns
    ]


def draw(table: pl.DataFrame, definition: ClassDefinition, file: Path) -> None:
    """Draw an attrition table; the ending of the file says whether as SVG or PNG.

    The same table makes the same bytes.

    Raises:
        BatchError: `missing-extra`, if matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - heavy, and only for pictures
        from matplotlib.figure import Figure  # noqa: PLC0415 - heavy, and only for pictures
    except ImportError:
        message = "The picture needs matplotlib."
        problem = Problem("missing-extra", "", message, way_to_install("batch"))
        raise BatchError([problem]) from None
    steps = table["step"].to_list()
    figure = Figure(figsize=(9, 1.9 + 0.5 * len(steps)), layout="constrained")
    axes = figure.add_subplot()
    most = max(sum(row) for row in table.select(*_COLOURS).rows()) or 1
    left = [0] * len(steps)
    for column, colour in _COLOURS.items():
        counts = table[column].to_list()
        bars = axes.barh(steps, counts, left=left, color=colour, label=_WORDS[column], height=0.72)
        labels = [f"{count:,}" if count > most * _NARROW else "" for count in counts]
        axes.bar_label(
            bars, labels, label_type="center", color="white" if column == "still_in" else "black"
        )
        left = [so_far + count for so_far, count in zip(left, counts, strict=True)]
    for at, (count, beside) in enumerate(table.select("still_in", "undecided").rows()):
        if count <= most * _NARROW and beside > most * 2 * _NARROW:  # too narrow to hold its own
            axes.text(count + most * 0.005, at, f"{count:,}", va="center", color="#08306b")
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("accounts")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(f"{definition.title}: attrition", loc="left", fontsize=11)
    figure.legend(loc="outside upper right", ncols=3, frameon=False)
    if definition.notice:
        words = textwrap.fill(definition.notice, 130)
        figure.supxlabel(words, fontsize=7, x=0.01, ha="left", color="#444444")
    with mpl.rc_context({"svg.hashsalt": "eligibility", "svg.fonttype": "none"}):
        metadata = {"Date": None} if file.suffix == ".svg" else None
        figure.savefig(file, metadata=metadata, dpi=130)
