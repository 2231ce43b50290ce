"""Spans as the statement reads them: what surely, or possibly, is covered, and what is not.

Certain coverage is what every span that surely counts covers from its latest start to its earliest
end; possible coverage is what one that may count can cover, and everything where the list may
lack spans. Two spans that touch may cover what neither covers alone: so pieces that touch are
merged. Each relation here has `account_id`, `first_at` and `last_at`, both inclusive.
"""

from typing import Final

from attrs import frozen
from sqlglot import exp

from eligibility.batch.sql.expressions import (
    Interval,
    Sql,
    all_hold,
    any_holds,
    as_,
    big,
    choose,
    column,
    equal,
    is_inside,
    is_some,
    number,
    spans_of,
    table,
    together,
)
from eligibility.batch.sql.propagate import RecordSql
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, TableContract, complete_flag
from eligibility.definition.conditions import Ever, Is
from eligibility.facts.paths import field_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet

FIRST: Final = "first_at"
LAST: Final = "last_at"


@frozen
class Spans:
    """One list of spans, read by one filter.

    `is_whole`: whether the list is supposed to hold all there is.
    """

    name: str
    read: TableContract
    record: RecordSql
    where: tuple[Is, ...]
    is_whole: bool

    def counts(self, *, surely: bool) -> Sql:
        """Whether a span is one of those that count."""
        return all_hold(
            self.record.is_one_of(name, self.read.codes(name, only.values), surely=surely)
            for only in self.where
            for name in [field_of(only.path)]
        )

    @property
    def certain(self) -> Interval:
        """What a span that counts covers in every world; crossed if that is no instant."""
        return Interval(self.record.bounds["start"].last, self.record.bounds["end"].first)

    @property
    def possible(self) -> Interval:
        """What a span that counts can cover."""
        return Interval(self.record.bounds["start"].first, self.record.bounds["end"].last)

    def pieces(self, *, surely: bool) -> exp.Query:
        """Every piece of coverage by the spans that are listed, not merged."""
        covered = self.certain if surely else self.possible
        held = all_hold([self.counts(surely=surely), *([is_some(covered)] if surely else [])])
        found = exp.select(
            column(ACCOUNT_ID), as_(covered.first, FIRST), as_(covered.last, LAST)
        ).from_(table(self.name))
        return found if held == exp.true() else found.where(held)

    def unlisted(self) -> exp.Select:
        """A piece that covers everything, for the accounts whose list may lack spans."""
        everything = (as_(big(EARLIEST), FIRST), as_(big(LATEST), LAST))
        return (
            exp.select(column(ACCOUNT_ID), *everything).from_(ACCOUNTS).where(may_lack(self.name))
        )

    def crossing(self) -> exp.Select:
        """Spans that cover some instant surely, but none of which one could say which."""
        width = exp.Sub(this=self.certain.first.copy(), expression=self.certain.last.copy())
        return (
            exp.select(column(ACCOUNT_ID), as_(exp.Add(this=width, expression=number(1)), "width"))
            .from_(table(self.name))
            .where(
                all_hold(
                    [
                        self.counts(surely=True),
                        exp.LT(this=self.certain.last.copy(), expression=self.certain.first.copy()),
                    ]
                )
            )
        )

    def ever(self, ever: Ever, *, surely: bool) -> Sql:
        """Whether a span that counts has an instant in a time set."""
        if not surely:
            return all_hold([self.counts(surely=False), meets(ever.times, self.possible)])
        cut = Interval(self.certain.last, self.certain.first)
        whichever = all_hold(
            [
                exp.LT(this=self.certain.last.copy(), expression=self.certain.first.copy()),
                covers(ever.times, cut),
            ]
        )
        return all_hold(
            [self.counts(surely=True), any_holds([whichever, meets(ever.times, self.certain)])]
        )


def may_lack(name: str, accounts: str | None = None) -> Sql:
    """Of an account: whether a list may lack records."""
    return exp.EQ(this=column(complete_flag(name), accounts), expression=number(0))


def meets(times: TimeSet, within: Interval) -> Sql:
    """Whether some instant of an interval is in a time set; never if the interval is empty."""
    return any_holds(is_some(together([each, within])) for each in spans_of(times))


def covers(times: TimeSet, inner: Interval) -> Sql:
    """Whether every instant of an interval that is not empty is in a time set."""
    return any_holds(is_inside(inner, each) for each in spans_of(times))


def merged(pieces: str, whole: str) -> dict[str, tuple[exp.Query, str]]:
    """Pieces that touch, merged, as relations one upon the other; the last, `whole`, is the result.

    Each with what it finds, in words.

    A merged piece starts where nothing that touches starts earlier, and ends where nothing that
    touches ends later. An account's only piece is whole as it is, and most accounts have but one.
    """
    tally = exp.select(
        column(ACCOUNT_ID),
        as_(exp.Min(this=column(FIRST)), FIRST),
        as_(exp.Max(this=column(LAST)), LAST),
        as_(exp.Count(this=exp.Star()), "pieces"),
    )
    several = exp.select(_of("a", ACCOUNT_ID), _of("a", FIRST), _of("a", LAST))
    only, more = (kind(this=column("pieces"), expression=number(1)) for kind in (exp.EQ, exp.GT))
    alone = exp.select(column(ACCOUNT_ID), column(FIRST), column(LAST))
    return {
        f"{pieces}_tally": (
            tally.from_(pieces).group_by(column(ACCOUNT_ID)),
            "For each account: how many of these periods it has, and from when to when they reach.",
        ),
        f"{pieces}_several": (
            several.from_(table(pieces, "a"))
            .join(table(f"{pieces}_tally", "b"), on=_same_account())
            .where(more),
            "The periods of the accounts that have several.",
        ),
        f"{pieces}_reach": (
            _reaching(f"{pieces}_several"),
            "For each of these: from when to when it reaches with those that touch or overlap it.",
        ),
        whole: (
            exp.union(
                alone.from_(f"{pieces}_tally").where(only),
                _spanning(f"{pieces}_reach"),
                distinct=False,
            ),
            "Periods that touch or overlap, merged into one.",
        ),
    }


def _reaching(pieces: str) -> exp.Select:
    """How far each piece reaches with those that touch it."""
    touching_last = choose(
        [(exp.LTE(this=_of("b", FIRST), expression=_after("a", LAST)), _of("b", LAST))],
        _of("a", LAST),
    )
    touching_first = choose(
        [(exp.GTE(this=_after("b", LAST), expression=_of("a", FIRST)), _of("b", FIRST))],
        _of("a", FIRST),
    )
    return (
        exp.select(
            _of("a", ACCOUNT_ID),
            _of("a", FIRST),
            _of("a", LAST),
            as_(exp.Max(this=touching_last), "reach_last"),
            as_(exp.Min(this=touching_first), "reach_first"),
        )
        .from_(table(pieces, "a"))
        .join(table(pieces, "b"), on=_same_account())
        .group_by(_of("a", ACCOUNT_ID), _of("a", FIRST), _of("a", LAST))
    )


def _spanning(reach: str) -> exp.Select:
    """From each piece that nothing extends to the left to the next that nothing extends on."""
    return (
        exp.select(_of("a", ACCOUNT_ID), _of("a", FIRST), as_(exp.Min(this=_of("b", LAST)), LAST))
        .from_(table(reach, "a"))
        .join(table(reach, "b"), on=_same_account())
        .where(
            exp.EQ(this=_of("a", "reach_first"), expression=_of("a", FIRST)),
            exp.EQ(this=_of("b", "reach_last"), expression=_of("b", LAST)),
            exp.GTE(this=_of("b", LAST), expression=_of("a", FIRST)),
        )
        .group_by(_of("a", ACCOUNT_ID), _of("a", FIRST))
    )


def gaps(pieces: str) -> exp.Query:
    """What pieces leave open: before the first of them, even if that is empty, and after any other.

    After a piece it is open until the next of those begins that end later; if one of them has begun
    by then, nothing is open there.
    """
    first = (
        exp.select(
            column(ACCOUNT_ID),
            as_(big(EARLIEST), FIRST),
            as_(exp.Sub(this=exp.Min(this=column(FIRST)), expression=number(1)), LAST),
        )
        .from_(pieces)
        .group_by(column(ACCOUNT_ID))
    )
    ends_later = exp.GT(this=_of("b", LAST), expression=_of("a", LAST))
    until = exp.Sub(this=_of("b", FIRST), expression=number(1))
    opens_until = exp.Min(this=choose([(ends_later, until)], big(LATEST)))
    others = (
        exp.select(
            _of("a", ACCOUNT_ID), as_(_after("a", LAST), FIRST), as_(opens_until.copy(), LAST)
        )
        .from_(table(pieces, "a"))
        .join(table(pieces, "b"), on=_same_account())
        .group_by(_of("a", ACCOUNT_ID), _of("a", LAST))
        .having(exp.GT(this=opens_until, expression=_of("a", LAST)))
    )
    return exp.union(first, others, distinct=False)


def _of(table: str, name: str) -> Sql:
    return column(name, table)


def _after(table: str, name: str) -> Sql:
    return exp.Add(this=_of(table, name), expression=number(1))


def _same_account() -> Sql:
    return equal(ACCOUNT_ID, "a", "b")
