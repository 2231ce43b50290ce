"""One pass over the records, *surely* or *possibly*: how far the furthest record gets.

Spans become pieces of what is covered, or is not; pieces become windows of an account, one choice
of a piece for each condition on coverage; every record is held against the windows of its account.
"""

from functools import cached_property
from typing import Final

from attrs import define
from sqlglot import exp

from eligibility.batch.sql.builder import ACCOUNT, PlanBuilder, Variant, pass_name
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
from eligibility.batch.sql.propagate import (
    RECORD,
    Given,
    RecordSql,
    blank,
    given_of,
    reading_record,
    record_columns,
    record_sql,
)
from eligibility.batch.sql.records import WINDOW, RecordTest, WindowPart, slots_of
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, complete_flag
from eligibility.definition.class_definition import ClassDefinition
from eligibility.values.timeline import EARLIEST, LATEST


def add_pass(plan: PlanBuilder, *, surely: bool) -> None:
    """Add the steps of one pass, from records and spans to `surely_far` or `possibly_far`."""
    steps = _Pass(plan, surely)
    steps.add_spans()
    if steps.tests:
        steps.add_all_records()


def far_column(plan: PlanBuilder, definition: ClassDefinition) -> str:
    """The column that says how far the furthest record gets by a definition.

    Where it gets through all clauses, it may say more than the definition has.
    """
    return f"far_{plan.furthest[plan.definitions.index(definition)]}"


@define(slots=False)
class _Pass:
    plan: PlanBuilder
    surely: bool

    @property
    def prefix(self) -> str:
        return pass_name(surely=self.surely)

    @cached_property
    def tests(self) -> list[RecordTest]:
        """What is asked of one record, each once; none, if no definition asks for one."""
        asking = (self.plan.definitions[at] for at in sorted({*self.plan.furthest.values()}))
        every = (self.plan.record_test(each, surely=self.surely) for each in asking)
        return [test for test in every if test]

    def _add(self, name: str, query: exp.Query, words: str) -> None:
        self.plan.add(name, query, words, surely=self.surely)

    def _add_by_account(self, name: str, query: exp.Query, words: str) -> None:
        self.plan.add_by_account(name, query, words, surely=self.surely)

    @property
    def records(self) -> str:
        """The list that the records are of."""
        return self.plan.record_list

    @property
    def is_unlisted_seen(self) -> bool:
        """Whether there may be, in this pass, records that are not listed."""
        return not self.surely and not self.plan.whole(self.records)

    @property
    def has_windows(self) -> bool:
        return self.is_unlisted_seen or bool(self.plan.slots)

    def add_spans(self) -> None:
        """What is asked of the spans of an account alone."""
        for name in dict.fromkeys(ever.spans for ever in self.plan.evers):
            spans = self.plan.spans(name)
            held = [
                as_(exp.Max(this=count_if(spans.ever(ever, surely=self.surely))), f"ever_{at}")
                for at, ever in enumerate(self.plan.evers)
                if ever.spans == name
            ]
            found = exp.select(column(ACCOUNT_ID), *held).from_(table(spans.name))
            words = f"For each account: whether a record of `{name}` {self.prefix} counts at all."
            found = found.group_by(column(ACCOUNT_ID))
            self._add_by_account(f"{self.prefix}_ever_{name}", found, words)

    def add_all_records(self) -> None:
        """How far records get, each in the windows of its account."""
        for slot in {slot.relation: slot for slot in self.plan.slots}.values():
            self._add_pieces(slot)
        if self.has_windows:
            self._add_windows()
        for variant in self.plan.variants:
            tests = [test for test in self.tests if test.definition in variant.definitions]
            if tests:
                self._add_records(tests, variant)
                self._add_far(tests, variant)

    def _add_far(self, tests: list[RecordTest], variant: Variant) -> None:
        listed = self._furthest(tests, RECORD, reading_record(tests[0].shape))
        listed = listed.from_(table(f"{self.prefix}_records{variant.suffix}", RECORD))
        windows = table(f"{self.prefix}_windows", WINDOW)
        if self.has_windows:
            listed = listed.join(windows, on=equal(ACCOUNT_ID, RECORD, WINDOW))
        far: exp.Query = listed
        words = (
            f"For each account: how many clauses, in order, its best record {self.prefix} meets."
        )
        if self.is_unlisted_seen:
            far = self._with_unlisted(listed, tests, variant)
            words += " Where the list may lack records, nothing is known of the best one."
        self._add_by_account(f"{self.prefix}_far{variant.suffix}", far, words)

    def _with_unlisted(
        self, listed: exp.Select, tests: list[RecordTest], variant: Variant
    ) -> exp.Query:
        """How far records get where the list may lack some: as far as one that is not listed."""
        windows, open_list = table(f"{self.prefix}_windows", WINDOW), may_lack(self.records, WINDOW)
        supposed = variant.supposed

        def unlisted(given: Given) -> exp.Select:
            record = record_sql(given, tests[0].shape)
            gets_in = any_holds(test.at_first(record) for test in tests)
            far = self._furthest(tests, WINDOW, record).from_(windows).where(open_list)
            return far.where(gets_in) if supposed else far

        if supposed is None:  # nothing is known of it: no record that is listed gets further
            blanks = unlisted(blank(tests[0].read))
            return exp.union(listed.where(negated(open_list)), blanks, distinct=False)
        far: exp.Query = listed  # one that contradicts what is supposed stands, and may get further
        for given in supposed.unlisted():
            far = exp.union(far, unlisted(given), distinct=False)
        each = f"{self.prefix}_far_each{variant.suffix}"
        words = "For each account: how far its records get, and those that nobody listed."
        self._add(each, far, words)
        names = [far_column(self.plan, test.definition) for test in tests]
        furthest = [as_(exp.Max(this=column(name)), name) for name in names]
        return exp.select(column(ACCOUNT_ID), *furthest).from_(each).group_by(column(ACCOUNT_ID))

    def _furthest(self, tests: list[RecordTest], source: str, record: RecordSql) -> exp.Select:
        """How many clauses the furthest of some records gets through, for each account."""
        alone = len(self.tests) == 1
        account = column(ACCOUNT_ID, source)
        furthest = [
            as_(
                exp.Max(this=test.through(record, at_first=alone)),
                far_column(self.plan, test.definition),
            )
            for test in tests
        ]
        # all at once: each time that something is added, sqlglot copies what there is
        query = exp.select(account, *furthest).group_by(account)
        return query.where(tests[0].gets_in(record)) if alone else query

    def _add_pieces(self, slot: WindowPart) -> None:
        """What is surely (or possibly) covered; or not covered, which turns the pass round.

        A list that may lack spans possibly covers everything. That it then surely leaves nothing
        uncovered is asked of the account: see `counts`.
        """
        spans, name = self.plan.spans(slot.spans), f"{self.prefix}_{slot.relation}"
        if not self.surely and not slot.is_gap:  # who meets a piece meets the merged one
            seen: exp.Query = spans.pieces(surely=False)
            if not spans.is_whole:
                seen = exp.union(seen, spans.unlisted(), distinct=False)
            words = f"For each record of `{slot.spans}`: the time that it possibly covers."
            if not spans.is_whole:
                words += " A list that may lack records possibly covers all time."
            self._add(name, seen, words)
            return
        how = pass_name(surely=self.surely is not slot.is_gap)
        listed = f"{name}_listed"
        pieces = spans.pieces(surely=self.surely is not slot.is_gap)
        words = f"For each record of `{slot.spans}` that counts: the time that it {how} covers."
        self._add(listed, pieces, words)
        if slot.is_gap:
            words = (
                f"For each account: the periods that `{slot.spans}` {self.prefix} leaves uncovered."
            )
            self._add(name, gaps(listed), words)
            return
        for each, (query, words) in merged(listed, name).items():
            self._add(each, query, words)

    def _add_records(self, tests: list[RecordTest], variant: Variant) -> None:
        read, seen = tests[0].read, tests[0].shape
        record = record_sql(given_of(read), seen)
        asked = self._furthest(tests, RECORD, reading_record(seen))
        used = {each.name for each in asked.find_all(exp.Column) if each.table == RECORD}
        known = record_columns(record, seen)
        shown = [as_(value, name) for name, value in known.items() if name in used]
        found = exp.select(column(ACCOUNT_ID), *shown)
        source = self.records
        if supposed := variant.supposed:
            source = f"{self.prefix}_supposed_{self.records}{variant.suffix}"
            rows = supposed.surely_rows() if self.surely else supposed.possibly_rows()
            self._add(source, rows, supposed.supposing.text)
        found = found.from_(table(source))
        found = found.where(any_holds(test.at_first(record) for test in tests))
        words = (
            f"Records of `{self.records}` that {self.prefix} meet what the first clause about them"
        )
        words += " asks of the record itself."
        self._add(f"{self.prefix}_records{variant.suffix}", found, words)

    def _add_windows(self) -> None:
        """Every choice of one piece for each part, by account."""
        slots = self.plan.slots
        firsts = [slots_of(test.disjuncts[test.before]) for test in self.tests]
        needed = [s for s in slots if not s.is_gap and all(s in first for first in firsts)]
        later = [slot for slot in slots if slot not in needed]
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
        words = (
            "For each account: its windows, which are all choices of one period, covered or not,"
        )
        words += " for each clause that asks for one."
        self._add(f"{self.prefix}_windows", query, words)

    def _alias(self, slot: WindowPart) -> str:
        return f"p{self.plan.slots.index(slot)}"


_NEVER: Final = Interval(big(LATEST), big(EARLIEST))
