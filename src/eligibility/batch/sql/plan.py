"""A statement as an object: steps one upon the other, each a query, and the query of the result.

The builder makes it, engines run it, `render` prints it for people. An engine changes a plan as an
object: what accounts are known by, which tables are read, which step is wanted.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen
from sqlglot import exp

from eligibility.batch.sql.expressions import table
from eligibility.batch.tables.schema import ACCOUNT_ID
from eligibility.immutable import FrozenDict

#: What an engine calls a function otherwise, by dialect: `GREATEST` of several values, not rows.
FUNCTIONS: Final[Mapping[str, Mapping[str, str]]] = {"sqlite": {"GREATEST": "MAX", "LEAST": "MIN"}}


@frozen
class Step:
    """A query under a name; what it finds, in words; the pass that it is of, if it is of one."""

    name: str
    query: exp.Query
    words: str
    surely: bool | None = None

    @property
    def reads(self) -> set[str]:
        """The tables and the steps that the query reads."""
        return {read.name for read in self.query.find_all(exp.Table)}


@frozen(eq=False)
class Plan:
    """Steps, each of which may read those before it, and the query of the result.

    The last step brings together, for each account, what the steps before it found. `texts`: for
    columns of the result, the words that may stand there.
    """

    steps: tuple[Step, ...]
    result: exp.Query
    texts: Mapping[str, tuple[str, ...]] = FrozenDict()

    @property
    def names(self) -> set[str]:
        """The names of the steps."""
        return {step.name for step in self.steps}

    def expression(self, *, comments: bool = False) -> exp.Query:
        """The whole as one query; with comments, the words of each step stand in it."""
        whole = self.result.copy()
        for step in self.steps:
            query = step.query.copy()
            query.comments = [safe(step.words)] if comments else None
            whole = whole.with_(step.name, query, copy=False)
        return whole

    def sql(self, dialect: str) -> str:
        """The text that an engine runs."""
        return in_dialect(self.expression(), dialect).sql(dialect)

    def only(self, name: str, given: Container[str] = ()) -> "Plan":
        """The plan whose result is one step, without those that it does not need or that are given.

        Those that are given, it reads as tables.
        """
        needed, steps = {name}, list[Step]()
        for step in reversed(self.steps):
            if step.name in needed and (step.name == name or step.name not in given):
                needed |= step.reads
                steps.insert(0, step)
        return Plan(tuple(steps), exp.select("*").from_(table(name)))

    def keyed_by(self, key: str) -> "Plan":
        """The same, in which accounts are known by another column of each table.

        The last step reads the table of accounts: from there on an account has its own id.
        """
        steps = [evolve(step, query=step.query.copy()) for step in self.steps]
        for step in steps:
            for column in [*step.query.find_all(exp.Column)]:
                if column.name == ACCOUNT_ID:
                    column.set("this", exp.to_identifier(key))
        steps[-1].query.expressions[0].set("this", exp.to_identifier(ACCOUNT_ID))
        return evolve(self, steps=tuple(steps))

    def in_numbers(self) -> "Plan":
        """The same, whose result has for each word its place among those of its column."""
        result = self.result.copy()
        for shown in result.expressions:
            for word in [*shown.find_all(exp.Literal)]:
                if word.is_string:
                    place = self.texts[shown.alias].index(word.this)
                    word.replace(exp.Literal.number(place))
        return evolve(self, result=result)

    def in_turn(self, *, is_wide: bool) -> tuple[Sequence[Mapping[str, "Plan"]], "Plan"]:
        """What the last step reads of each pass, as plans by name, to be run in turn; and the rest.

        Each may read what those before it found; the rest is the last step, which reads that too,
        and the result. Where plans are wide, what these plans read of their pass goes before them.
        """
        last, passes, given = self.steps[-1], list[dict[str, Plan]](), set[str]()
        for surely in (True, False):
            of_pass = [step for step in self.steps if step.surely is surely]
            found = [step for step in of_pass if step.name in last.reads]
            read = set[str]().union(*(step.reads for step in found)) if is_wide else set[str]()
            for group in ([step for step in of_pass if step.name in read], found):
                passes.append({step.name: self.only(step.name, given) for step in group})
                given |= {step.name for step in group}
        return [each for each in passes if each], evolve(self, steps=(last,))

    def reading(self, names: Mapping[str, str]) -> "Plan":
        """The same, in which the tables stand under other names."""

        def renamed(query: exp.Query) -> exp.Query:
            query = query.copy()
            for read in [*query.find_all(exp.Table)]:
                if read.name in names:
                    read.set("alias", read.args.get("alias") or exp.TableAlias(this=read.this))
                    read.set("this", exp.to_identifier(names[read.name]))
            return query

        steps = (evolve(step, query=renamed(step.query)) for step in self.steps)
        return Plan(tuple(steps), renamed(self.result))


def in_dialect(whole: exp.Query, dialect: str) -> exp.Query:
    """A query whose functions have the names that an engine knows them by."""
    others = FUNCTIONS.get(dialect, {})
    for function in whole.find_all(exp.Anonymous):
        function.set("this", others.get(function.this, function.this))
    return whole


def safe(words: str) -> str:
    """Words that cannot end a comment."""
    return " ".join(words.replace("*/", "* /").replace("/*", "/ *").split())
