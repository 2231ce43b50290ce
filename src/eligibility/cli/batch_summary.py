"""What a run over many accounts says on the screen when it is done."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.table import Table

from eligibility.cli.terminal import console
from eligibility.errors import printable, shown
from eligibility.values.english import counted

if TYPE_CHECKING:
    from eligibility.batch.execute.job import Run
    from eligibility.batch.state.counts import Counts

#: Of records and of accounts that somebody has to see to, so many are named.
_MOST_SHOWN: Final = 5


def accounted(counts: "Counts", done: str) -> str:
    """What became of all accounts and records, in two lines."""
    records = counts.records.values()
    read, used, left_out, nobodys = (
        sum(getattr(each, name) for each in records)
        for name in ("read", "used", "left_out", "nobodys")
    )
    return (
        f"{counted(counts.read, 'account')} read: {counts.fit:,} {done}, "
        f"{counts.held_back:,} held back, {counts.rejected:,} unreadable, "
        f"{counts.inconsistent:,} contradictory (no verdict).\n"
        f"{counted(read, 'record')} read: {used:,} used, {left_out:,} of accounts not {done}, "
        f"{nobodys:,} of no account."
    )


def show_held_back(counts: "Counts", rejects: Iterable[Path]) -> None:
    """Name the first records that accounts are held back for, and what to do."""
    from eligibility.batch.execute import outputs as beside  # noqa: PLC0415 - the extra, only for who asks

    if not counts.held_back:
        return
    screen = console()
    screen.print(
        "Accounts are held back where a record that belongs to no account may be theirs: its id is "
        "alike but for blanks, case or leading zeros, or it has none. Give each of these rows the "
        "id of its account, or take it out of its file; then decide anew, in another folder."
    )
    for line in beside.held_back(rejects, _MOST_SHOWN):
        screen.print(f"  {printable(line)}")


def _show_alike(run: "Run") -> None:
    """Name listed accounts that may be one: a record of one may stand under the id of the other."""
    groups, first = run.alike()
    if not groups:
        return
    console().print(
        f"Check {counted(groups, 'group')} of accounts whose ids differ only in blanks, case, "
        "leading zeros or the like. They are taken as different accounts. If a tool has changed "
        "an id, records of one count as those of another."
    )
    for ids in first:
        console().print("  " + " and ".join(f"`{shown(each, 60)}`" for each in ids[:_MOST_SHOWN]))


def show(run: "Run", counts: "Counts") -> None:
    """Show what a run came to."""
    from eligibility.batch.execute import outputs as beside  # noqa: PLC0415 - the extra, only for who asks

    console().print(accounted(counts, "decided"))
    show_held_back(counts, [run.out / "rejects.jsonl"])
    _show_alike(run)
    if len(run.definitions) == 1:
        (found,) = run.statuses()
        by_status = ", ".join(f"{count:,} {status}" for status, count in found.items())
        console().print(f"By status: {by_status}.")
    screen = console(soft_wrap=False)
    head, rows = beside.shown_table(run)
    table = Table(*head, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*row)
    screen.print(table)
    screen.print(run.definitions[0].notice)
    if not counts.all_decided:
        screen.print(f"What was not decided, and why: {printable(str(run.out / 'rejects.jsonl'))}")
