"""One look at the records, *surely* or *possibly*: how far the record that gets furthest gets.

Spans become pieces of what is covered, or is not; pieces become windows of an account, one choice
of a piece for each condition on coverage; every record is held against the windows of its account.
"""

from typing import Final

from sqlglot import exp

from eligibility.batch.contract import ACCOUNT_ID, ACCOUNTS
from eligibility.batch.coverage import FIRST, LAST, gaps, may_lack, merged
from eligibility.batch.made_ready import blank, entry_of
from eligibility.batch.plan import ACCOUNT, Plan, look_name
from eligibility.batch.records import RECORD, WINDOW, Asked, Slot, record_columns, slots_of
from eligibility.batch.sql import (
    Interval,
    any_holds,
    as_,
    big,
    coalesce,
    column,
    count_if,
    equal,
    table,
)
from eligibility.definition import ClassDefinition
from eligibility.timeline import EARLIEST, LATEST


def look(made: Plan, *, surely: bool) -> None:
    """Add the relations of one look, from records and spans to `surely_far` or `possibly_far`."""
    prefix = look_name(surely=surely)
    for name in dict.fromkeys(ever.spans for ever in made.evers):
        _add_evers(made, name, surely=surely)
    asking = [a for d in made.definitions if (a := made.asked(d, surely=surely))]
    if not asking:
        return
    for slot in {slot.relation: slot for slot in made.slots}.values():
        _add_pieces(made, slot, surely=surely)
    _add_records(made, asking, surely=surely)
    windows = _add_windows(made, asking, surely=surely) if made.slots else None
    alone = len(asking) == 1
    held = exp.select(column(ACCOUNT_ID, RECORD)).from_(table(f"{prefix}_records", RECORD))
    for each in asking:
        furthest = exp.Max(this=each.through(at_first=alone))
        held = held.select(as_(furthest, far_column(made, each.definition)))
    if windows:
        held = held.join(table(windows, WINDOW), on=equal(ACCOUNT_ID, RECORD, WINDOW))
    if alone:
        held = held.where(asking[0].gets_in())
    words = f"how far the record of each account that gets furthest {prefix} gets"
    made.add_by_account(f"{prefix}_far", held.group_by(column(ACCOUNT_ID, RECORD)), words)


def far_column(made: Plan, definition: ClassDefinition) -> str:
    """The column that says how far the furthest record gets by a definition."""
    return f"far_{made.definitions.index(definition)}"


def _add_evers(made: Plan, name: str, *, surely: bool) -> None:
    spans = made.spans(name)
    held = [
        as_(exp.Max(this=count_if(spans.ever(ever, surely=surely))), f"ever_{at}")
        for at, ever in enumerate(made.evers)
        if ever.spans == name
    ]
    found = exp.select(column(ACCOUNT_ID), *held).from_(table(made.source(name)))
    prefix = look_name(surely=surely)
    words = f"whether the account {prefix} had such a span of `{name}` at all"
    made.add_by_account(f"{prefix}_ever_{name}", found.group_by(column(ACCOUNT_ID)), words)


def _add_pieces(made: Plan, slot: Slot, *, surely: bool) -> None:
    """What is surely (or possibly) covered; or not covered, which turns the look round.

    A list that may lack spans possibly covers everything. That it then surely leaves nothing
    uncovered is asked of the account: see `counting`.
    """
    spans, prefix = made.spans(slot.spans), look_name(surely=surely)
    name = f"{prefix}_{slot.relation}"
    if not surely and not slot.is_gap:  # a record that meets a piece meets the merged one
        seen: exp.Query = spans.pieces(surely=False)
        if not spans.is_whole:
            seen = exp.union(seen, spans.unlisted(), distinct=False)
        made.add(name, seen, f"what spans of `{slot.spans}` possibly cover")
        return
    how = look_name(surely=surely is not slot.is_gap)
    listed = made.add(
        f"{name}_listed",
        spans.pieces(surely=surely is not slot.is_gap),
        f"what each span of `{slot.spans}` {how} covers",
    )
    whole = f"{name}_between" if slot.is_gap else name
    for each, query in merged(listed, whole).items():
        made.add(each, query, "and pieces that touch, merged")
    if slot.is_gap:
        made.add(name, gaps(whole), f"and so what `{slot.spans}` {prefix} leaves uncovered")


def _add_records(made: Plan, asking: list[Asked], *, surely: bool) -> None:
    each, read, seen = made.first.each or "", asking[0].read, asking[0].shape
    entry = entry_of(read, seen)
    asked = [a.through(at_first=False) for a in asking]
    used = {c.name for each in asked for c in each.find_all(exp.Column) if c.table == RECORD}
    known = record_columns(entry, seen)
    shown = [as_(value, name) for name, value in known.items() if name in used]
    records: exp.Query = (
        exp.select(column(ACCOUNT_ID), *shown)
        .from_(table(made.source(each)))
        .where(any_holds(a.at_first(entry) for a in asking))
    )
    words = f"records of `{each}` that {look_name(surely=surely)} get past the first clause, alone"
    if not surely and not made.whole(each):
        nothing = record_columns(blank(read), seen)
        unlisted = exp.select(
            column(ACCOUNT_ID), *(as_(v, n) for n, v in nothing.items() if n in used)
        )
        more = unlisted.from_(ACCOUNTS).where(may_lack(each))
        records = exp.union(records, more, distinct=False)
        words += "; and one of which nothing is known, where the list may lack some"
    made.add(f"{look_name(surely=surely)}_records", records, words)


def _add_windows(made: Plan, asking: list[Asked], *, surely: bool) -> str:
    """Every choice of one piece for each part, by account."""
    prefix = look_name(surely=surely)
    needed = [
        slot
        for slot in made.slots
        if not slot.is_gap and all(slot in slots_of(a.ways[a.before]) for a in asking)
    ]
    later = [slot for slot in made.slots if slot not in needed]
    first = _alias(made, needed[0]) if needed else ACCOUNT
    start = f"{prefix}_{needed[0].relation}" if needed else ACCOUNTS
    query = exp.select(column(ACCOUNT_ID, first)).from_(table(start, first))
    for slot in (*needed, *later):
        at, lacking = _alias(made, slot), slot in later
        if at != first:
            query = query.join(
                table(f"{prefix}_{slot.relation}", at),
                on=equal(ACCOUNT_ID, first, at),
                join_type="left" if lacking else "",
            )
        nothing = Interval(big(EARLIEST), big(LATEST)) if slot.is_gap else _NEVER
        ends = ((FIRST, nothing.first), (LAST, nothing.last))
        for name, (source, otherwise) in zip(slot.columns, ends, strict=True):
            found = column(source, at)
            query = query.select(as_(coalesce(found, otherwise) if lacking else found, name))
    return made.add(f"{prefix}_windows", query, f"the choices of what is {prefix} covered or not")


_NEVER: Final = Interval(big(LATEST), big(EARLIEST))


def _alias(made: Plan, slot: Slot) -> str:
    return f"p{made.slots.index(slot)}"
