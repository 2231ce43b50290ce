"""A plan as text, in a dialect, with comments that an auditor can read it by."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlglot import exp

from eligibility.batch.errors import BatchError
from eligibility.batch.sql.plan import Plan, in_dialect, safe
from eligibility.batch.tables.schema import NO_YES, contract
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import paths
from eligibility.errors import Problem, shown
from eligibility.facts.supposition import Supposition

#: The dialects that are offered, each with how many bytes of a name its engine keeps, if few. The
#: tests run the text of each on its engine; sqlglot could write many more, which nobody here has
#: run.
DIALECTS: Final[Mapping[str, int | None]] = {
    "duckdb": None,
    "postgres": 63,
    "spark": None,
    "sqlite": None,
}

#: How a statement is to be read.
LEGEND: Final = """\
It reads normalised tables: 1 is yes, 0 is no, -1 is unknown; a word is its place in its vocabulary.
Several words, one of which it is, are -1 less a 2 to the power of each word's place.
A moment is the earliest and the latest instant that it can be, in UTC microseconds, both inclusive.
What is `surely` so holds whatever the unknown facts are; what is `possibly` so is not ruled out.
Who surely meets every clause is eligible; who cannot possibly meet all of them is ineligible.
Where `exact` is false, `indeterminate` may only mean that SQL cannot tell: `evaluate` can.
""".splitlines()


def write(plan: Plan, dialect: str, words: Iterable[str]) -> str:
    """The statement in a dialect, under a heading of some words.

    Raises:
        BatchError: `unknown-dialect`; `name-too-long`, for names that the engine would cut off.
    """
    if dialect not in DIALECTS:
        message = f"`{shown(dialect)}` is no dialect of SQL that the statement is offered in."
        hint = f"Choose one of {', '.join(DIALECTS)}: the statement is tested on these."
        raise BatchError([Problem("unknown-dialect", "dialect", message, hint)])
    whole = in_dialect(plan.expression(comments=True), dialect)
    _refuse_long_names(whole, dialect)
    written = whole.sql(dialect, pretty=True)
    return "".join(f"-- {safe(line)}\n" for line in words) + written


def _refuse_long_names(whole: exp.Query, dialect: str) -> None:
    """An engine that cuts names off without a word takes two of them for one."""
    most = DIALECTS[dialect]
    names = dict.fromkeys(str(each.name) for each in whole.find_all(exp.Identifier))
    long = [name for name in names if most is not None and len(name.encode()) > most]
    if long:
        hint = "Decide by each reading in a statement of its own, or give lists shorter names."
        message = f"`{dialect}` keeps {most} bytes of a name: `{shown(long[0], 100)}` is longer"
        message += f", and {len(long) - 1} more." if len(long) > 1 else "."
        raise BatchError([Problem("name-too-long", "dialect", message, hint)])


def heading(definition: ClassDefinition, supposing: Supposition | None) -> list[str]:
    """What stands above a statement: whose words it means, and how to read it."""
    reading = ", ".join(f"{name}={word}" for name, word in definition.reading.items())
    lines = [
        definition.title,
        f"Definition {definition.id}, version {definition.version}, digest {definition.digest}.",
        *([f"Reading: {reading}."] if reading else []),
        *([f"{supposing.text} ({supposing.citation.source})"] if supposing else []),
        *([definition.notice] if definition.notice else []),
        *LEGEND,
        *_vocabularies(definition),
    ]
    for at, step in enumerate(definition.steps, 1):
        kind = "" if at <= len(definition.clauses) else "exclusion, "
        lines.append(f"{at}. {step.id} ({kind}{step.citation.source}): {step.text}")
    return lines


def _vocabularies(definition: ClassDefinition) -> Iterator[str]:
    """What the numbers stand for, of every vocabulary that a clause reads."""
    asked = {path for step in definition.steps for path in paths(step.condition)}
    for table in contract(definition.model).values():
        for name, path in table.paths.items():
            if path in asked and table.values[name] != NO_YES:
                words = ", ".join(f"{at} {word}" for at, word in enumerate(table.values[name]))
                yield f"{table.name}.{name}: {words}."
