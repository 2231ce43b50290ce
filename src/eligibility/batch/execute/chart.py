"""The attrition as a picture: after each clause, how many are still in, undecided, and out."""

import textwrap
from pathlib import Path
from typing import Final

import polars as pl

from eligibility.batch.errors import BatchError
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import Problem, way_to_install

#: Colours that people who see few colours can tell apart, and that print in grey.
_COLOURS: Final = {"still_in": "#08519c", "undecided": "#9ecae1", "out": "#d9d9d9"}
#: A bar that is narrower than this part of all has no room for its number.
_NARROW: Final = 0.08
_WORDS: Final = {"still_in": "still in", "undecided": "undecided", "out": "out"}


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
