"""One look at the records, *surely* or *possibly*: how far the record that gets furthest gets.

Spans become pieces of what is covered, or is not; pieces become windows of an account, one choice
of a piece for each condition on coverage; every record is held against the windows of its account.
"""

from functools import cached_property
from typing import Final

from attrs import define
from sqlglot import exp

from eligibility.batch.sql.coverage import FIRST, LAST, gaps, may_lack, merged
from eligibility.batch.sql.expressions import (
    Interval,
    any_holds,
    as_,
    big,
    coalesce,
    column,
    count_if,
    equal,
    negated,
    table,
)
from eligibility.batch.sql.plan import ACCOUNT, Plan, Variant, look_name
from eligibility.batch.sql.propagate import Entry, blank, entry_of
from eligibility.batch.sql.records import (
    RECORD,
    WINDOW,
    Asked,
    Slot,
    reading_record,
    record_columns,
    slots_of,
)
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, complete_flag
from eligibility.definition.class_definition import ClassDefinition
from eligibility.values.timeline import EARLIEST, LATEST


def look(made: Plan, *, surely: bool) -> None:
    """Add the relations of one look, from records and spans to `surely_far` or `possibly_far`."""
    looking = _Look(made, surely)
    looking.at_spans()
    if looking.asking:
        looking.at_records()


def far_column(made: Plan, definition: ClassDefinition) -> str:
    """The column that says how far the furthest record gets by a definition."""
    return f"far_{made.definitions.index(definition)}"


@define(slots=False)
class _Look:
    made: Plan
    surely: bool

    @property
    def prefix(self) -> str:
        return look_name(surely=self.surely)

    @cached_property
    def asking(self) -> list[Asked]:
        """What each definition asks of one record; none, if none does."""
        every = (self.made.asked(each, surely=self.surely) for each in self.made.definitions)
        return [asked for asked in every if asked]

    @property
    def records(self) -> str:
        """The list that the records are of."""
        return self.made.first.record_list or ""

    @property
    def is_unlisted_seen(self) -> bool:
        """Whether there may be, in this look, records that are not listed."""
        return not self.surely and not self.made.whole(self.records)

    @property
    def has_windows(self) -> bool:
        return self.is_unlisted_seen or bool(self.made.slots)

    def at_spans(self) -> None:
        """What is asked of the spans of an account alone."""
        for name in dict.fromkeys(ever.spans for ever in self.made.evers):
            spans = self.made.spans(name)
            held = [
                as_(exp.Max(this=count_if(spans.ever(ever, surely=self.surely))), f"ever_{at}")
                for at, ever in enumerate(self.made.evers)
                if ever.spans == name
            ]
            found = exp.select(column(ACCOUNT_ID), *held).from_(table(spans.source))
            words = f"whether the account {self.prefix} had such a span of `{name}` at all"
            found = found.group_by(column(ACCOUNT_ID))
            self.made.add_by_account(f"{self.prefix}_ever_{name}", found, words)

    def at_records(self) -> None:
        """How far records get, each in the windows of its account."""
        for slot in {slot.relation: slot for slot in self.made.slots}.values():
            self._add_pieces(slot)
        if self.has_windows:
            self._add_windows()
        for variant in self.made.variants:
            asking = [each for each in self.asking if each.definition in variant.definitions]
            if asking:
                self._add_records(asking, variant)
                self._add_far(asking, variant)

    def _add_far(self, asking: list[Asked], variant: Variant) -> None:
        listed = self._furthest(asking, RECORD, reading_record(asking[0].shape))
        listed = listed.from_(table(f"{self.prefix}_records{variant.suffix}", RECORD))
        windows = table(f"{self.prefix}_windows", WINDOW)
        if self.has_windows:
            listed = listed.join(windows, on=equal(ACCOUNT_ID, RECORD, WINDOW))
        far: exp.Query = listed
        words = f"how far the record of each account that gets furthest {self.prefix} gets"
        if self.is_unlisted_seen:
            # no record that is listed can get further than one of which nothing is known
            open_list = may_lack(self.records, WINDOW)
            unlisted = self._furthest(asking, WINDOW, blank(asking[0].read)).from_(windows)
            far = exp.union(
                listed.where(negated(open_list)), unlisted.where(open_list), distinct=False
            )
            words += "; where the list may lack some, one of which nothing is known"
        self.made.add_by_account(f"{self.prefix}_far{variant.suffix}", far, words)

    def _furthest(self, asking: list[Asked], source: str, list_shape: Entry) -> exp.Select:
        """How many clauses the furthest of some records gets through, for each account."""
        alone = len(self.asking) == 1
        account = column(ACCOUNT_ID, source)
        furthest = [
            as_(
                exp.Max(this=each.through(list_shape, at_first=alone)),
                far_column(self.made, each.definition),
            )
            for each in asking
        ]
        # all at once: each time that something is added, sqlglot copies what there is
        query = exp.select(account, *furthest).group_by(account)
        return query.where(asking[0].gets_in(list_shape)) if alone else query

    def _add_pieces(self, slot: Slot) -> None:
        """What is surely (or possibly) covered; or not covered, which turns the look round.

        A list that may lack spans possibly covers everything. That it then surely leaves nothing
        uncovered is asked of the account: see `counting`.
        """
        made, spans, name = self.made, self.made.spans(slot.spans), f"{self.prefix}_{slot.relation}"
        if not self.surely and not slot.is_gap:  # who meets a piece meets the merged one
            seen: exp.Query = spans.pieces(surely=False)
            if not spans.is_whole:
                seen = exp.union(seen, spans.unlisted(), distinct=False)
            made.add(name, seen, f"what spans of `{slot.spans}` possibly cover")
            return
        how = look_name(surely=self.surely is not slot.is_gap)
        listed = made.add(
            f"{name}_listed",
            spans.pieces(surely=self.surely is not slot.is_gap),
            f"what each span of `{slot.spans}` {how} covers",
        )
        whole = f"{name}_between" if slot.is_gap else name
        for each, query in merged(listed, whole).items():
            made.add(each, query, "and pieces that touch, merged")
        if slot.is_gap:
            words = f"and so what `{slot.spans}` {self.prefix} leaves uncovered"
            made.add(name, gaps(whole), words)

    def _add_records(self, asking: list[Asked], variant: Variant) -> None:
        read, seen = asking[0].read, asking[0].shape
        list_shape, asked = (
            entry_of(read, seen),
            self._furthest(asking, RECORD, reading_record(seen)),
        )
        used = {each.name for each in asked.find_all(exp.Column) if each.table == RECORD}
        known = record_columns(list_shape, seen)
        shown = [as_(value, name) for name, value in known.items() if name in used]
        found = exp.select(column(ACCOUNT_ID), *shown)
        found = found.from_(table(variant.source(self.records)))
        found = found.where(any_holds(each.at_first(list_shape) for each in asking))
        words = f"records of `{self.records}` that {self.prefix} get past the first clause, alone"
        self.made.add(f"{self.prefix}_records{variant.suffix}", found, words)

    def _add_windows(self) -> None:
        """Every choice of one piece for each part, by account."""
        made = self.made
        needed = [
            slot
            for slot in made.slots
            if not slot.is_gap and all(slot in slots_of(a.ways[a.before]) for a in self.asking)
        ]
        later = [slot for slot in made.slots if slot not in needed]
        of_account = self.is_unlisted_seen or not needed
        first = ACCOUNT if of_account else self._alias(needed[0])
        start = ACCOUNTS if of_account else f"{self.prefix}_{needed[0].relation}"
        query = exp.select(column(ACCOUNT_ID, first)).from_(table(start, first))
        if self.is_unlisted_seen:
            query = query.select(column(complete_flag(self.records), first))
        for slot in (*needed, *later):
            at, lacking = self._alias(slot), slot in later
            if at != first:
                query = query.join(
                    table(f"{self.prefix}_{slot.relation}", at),
                    on=equal(ACCOUNT_ID, first, at),
                    join_type="left" if lacking else "",
                )
            nothing = Interval(big(EARLIEST), big(LATEST)) if slot.is_gap else _NEVER
            ends = ((FIRST, nothing.first), (LAST, nothing.last))
            for name, (source, otherwise) in zip(slot.columns, ends, strict=True):
                found = column(source, at)
                query = query.select(as_(coalesce(found, otherwise) if lacking else found, name))
        words = f"the choices of what is {self.prefix} covered or not"
        made.add(f"{self.prefix}_windows", query, words)

    def _alias(self, slot: Slot) -> str:
        return f"p{self.made.slots.index(slot)}"


_NEVER: Final = Interval(big(LATEST), big(EARLIEST))
