"""What is supposed of the records of a list, as the two passes read it.

Under a supposition a record is one of up to three (see `facts.supposition`): one that it leaves out
(`OUT`), one that came too late (`LATE`), or one that it speaks of (`ALLEGED`). Whatever of these a
record cannot be is no row; a record that can be none of them stands as it is known.

The possibly pass reads each as a row of its own: some one may meet a clause. The surely pass, in
which all must, reads one row for each record: the smallest record around them. That says the same
where the bounds of all of them together leave no gap; accounts for which they may are left to the
reference.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen
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
    earliest,
    is_some,
    latest,
    may_be,
    negated,
    number,
    table,
)
from eligibility.batch.sql.propagate import Given, blank, clashes_anyway, given_of, record_sql
from eligibility.batch.tables.schema import ACCOUNT_ID, TableContract, bounds_of
from eligibility.facts.shape import ListShape
from eligibility.facts.supposition import Supposition
from eligibility.values.timeline import EARLIEST, LATEST

_YES: Final = 1


@frozen
class SupposedSql:
    """What a supposition says of the records of its list, in SQL over the table of the list."""

    supposing: Supposition
    read: TableContract
    list_shape: ListShape

    @property
    def is_plain(self) -> bool:
        """Whether its facts are apart from each other, so that SQL can say what it leaves.

        A record that `unless` may take out is otherwise as it was; its moment `when` exists.
        """
        exists_if, so = self.list_shape.record.exists_if, self.supposing
        asked = {so.fact, *exists_if.values()}
        return so.unless[0] not in asked and so.when not in exists_if

    @property
    def unless(self) -> int:
        """The number of the value that takes a record out."""
        name, value = self.supposing.unless
        return self.read.codes(name, frozenset({value}))[0]

    def out(self, given: Given) -> Given:
        """Records that `unless` takes out."""
        return evolve(given, values={**given.values, self.supposing.unless[0]: number(self.unless)})

    def late(self, given: Given) -> Given:
        """Records whose moment `when` came at the instant or later."""
        at = given.moments[self.supposing.when]
        since = Interval(latest(at.first, big(self.supposing.before)), at.last)
        return evolve(given, moments={**given.moments, self.supposing.when: since})

    def alleged(self, given: Given) -> Given:
        """Records that it speaks of.

        That `unless` does not take them out is not said: where it may, they may be `out` as well,
        and that is to be anything that they were.
        """
        so = self.supposing
        until = big(so.before - 1)
        by_then = {
            moment: Interval(at.first, earliest(at.last, until))
            for moment, at in given.moments.items()
            if moment in (so.when, so.then)
        }
        facts = dict.fromkeys(self._facts, number(_YES))
        return Given({**given.values, **facts}, {**given.moments, **by_then})

    @property
    def _facts(self) -> tuple[str, ...]:
        """What it alleges of yes/no facts: the one, and that the moment exists."""
        condition = self.list_shape.record.exists_if.get(self.supposing.then)
        return tuple(dict.fromkeys(filter(None, (self.supposing.fact, condition))))

    def may_be_out(self, given: Given) -> Sql:
        """Whether records may be taken out."""
        name = self.supposing.unless[0]
        return may_be(given.values[name], (self.unless,), len(self.read.values[name]))

    def may_be_late(self, given: Given) -> Sql:
        """Whether records may have come too late."""
        late = self.late(given)
        held = [is_some(late.moments[self.supposing.when])]
        return all_hold([*held, negated(clashes_anyway(late, self.list_shape))])

    def may_be_alleged(self, given: Given) -> Sql:
        """Whether what it alleges may be so of records."""
        so, alleged = self.supposing, self.alleged(given)
        return all_hold(
            [
                *(may_be(given.values[name], (_YES,), 2) for name in self._facts),
                *(is_some(alleged.moments[name]) for name in dict.fromkeys((so.when, so.then))),
                negated(clashes_anyway(alleged, self.list_shape)),
            ]
        )

    def surely_rows(self) -> exp.Select:
        """The records, each as the smallest one around all that it may be."""
        given = given_of(self.read)
        out, late, alleged = self._which(given)
        only = [
            (all_hold([out, negated(late), negated(alleged)]), self.out(given)),
            (all_hold([late, negated(out), negated(alleged)]), self.late(given)),
            (all_hold([alleged, negated(out), negated(late)]), self.alleged(given)),
        ]
        return self._rows([(when, self._columns(each)) for when, each in only], given)

    def possibly_rows(self) -> exp.Query:
        """Each of all that the records may be."""
        given = given_of(self.read)
        out, late, alleged = self._which(given)
        stands = negated(any_holds([out, late, alleged]))
        spoken_of = self._rows([(alleged, self._columns(self.alleged(given)))], given)
        rows: exp.Query = spoken_of.where(any_holds([alleged, stands]))
        for when, each in ((late, self.late(given)), (out, self.out(given))):
            more = self._rows([(exp.true(), self._columns(each))], given).where(when)
            rows = exp.union(rows, more, distinct=False)
        return rows

    def gaps(self, read: frozenset[str]) -> exp.Select | None:
        """The accounts with a record that may have come in time or too late, and not between.

        `read`: the moments of which something is asked that does not ask for the fact on which
        others hang. With that fact, what may have come too late has no moment, or leaves no gap.
        """
        given = given_of(self.read)
        out, late, alleged = self._which(given)
        both = all_hold([alleged, late, negated(out)])
        apart: Sql = exp.true()
        if set(self.list_shape.moments) == {self.supposing.when, self.supposing.then}:
            early = record_sql(self.alleged(given), self.list_shape)
            later = record_sql(self.late(given), self.list_shape)
            apart = any_holds(
                exp.LT(
                    this=exp.Add(this=early.bounds[name].last.copy(), expression=number(1)),
                    expression=at.first.copy(),
                )
                for name, at in later.alone.items()
                if name in read
            )
        if apart == exp.false():
            return None
        found = exp.select(column(ACCOUNT_ID), as_(number(1), "is_left"))
        return found.from_(table(self.read.name)).where(all_hold([both, apart])).distinct()

    def unlisted(self) -> list[Given]:
        """What a record may be that nobody listed."""
        given, before = blank(self.read), self.supposing.before
        late = [self.late(given)] if before <= LATEST else []
        alleged = [self.alleged(given)] if before > EARLIEST else []
        return [self.out(given), *late, *alleged]

    def _which(self, given: Given) -> tuple[Sql, Sql, Sql]:
        return self.may_be_out(given), self.may_be_late(given), self.may_be_alleged(given)

    def _columns(self, given: Given) -> Mapping[str, Sql]:
        columns = dict(given.values)
        for name, at in given.moments.items():
            columns |= dict(zip(bounds_of(name), (at.first, at.last), strict=True))
        return columns

    def _rows(self, cases: list[tuple[Sql, Mapping[str, Sql]]], given: Given) -> exp.Select:
        shown: list[Sql] = [column(ACCOUNT_ID)]
        for name, own in self._columns(given).items():
            value = choose([(when, each[name]) for when, each in cases if each[name] != own], own)
            if value != own:
                kind = self.read.normalised_columns[name]
                value = exp.cast(value, kind)
            shown.append(as_(value, name))
        return exp.select(*shown).from_(table(self.read.name))
