"""The statement as text, in a dialect, with comments that an auditor can read it by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sqlglot import exp

from eligibility.batch.contract import NO_YES, contract
from eligibility.batch.errors import BatchError
from eligibility.conditions import paths
from eligibility.definition import ClassDefinition
from eligibility.errors import Problem, shown
from eligibility.supposition import Supposition

#: A name, what it is, and in words what it is.
Relation: TypeAlias = tuple[str, exp.Query, str]

#: The dialects that are offered, each with what it calls a function otherwise. The tests run the
#: text of each on its engine; sqlglot could write many more, which nobody here has run.
DIALECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "duckdb": {},
    "postgres": {},
    "spark": {},
    "sqlite": {"GREATEST": "MAX", "LEAST": "MIN"},  # of several values, not of several rows
}

_LEGEND: Final = (
    "Reads tables made ready: -1 is unknown; yes is 1 and no is 0; a word is its place in its "
    "vocabulary; moments are UTC microseconds, both ends inclusive."
)


def write(
    planned: tuple[Sequence[Relation], exp.Select], dialect: str, words: Iterable[str] = ()
) -> str:
    """The statement in a dialect.

    Raises:
        BatchError: `unknown-dialect`.
    """
    relations, result = planned
    if dialect not in DIALECTS:
        message = f"`{shown(dialect)}` is not a dialect of SQL that the statement is offered in."
        hint = f"Choose one of {', '.join(DIALECTS)}: the statement is tested on these."
        raise BatchError([Problem("unknown-dialect", "dialect", message, hint)])
    whole = result.copy()
    for name, query, what in relations:
        said = query.copy()
        said.comments = [_safe(what)]
        whole = whole.with_(name, said, copy=False)
    for function in whole.find_all(exp.Anonymous):
        function.set("this", DIALECTS[dialect].get(function.this, function.this))
    written = whole.sql(dialect, pretty=True)
    return "".join(f"-- {_safe(line)}\n" for line in words) + written


def heading(definition: ClassDefinition, supposing: Supposition | None) -> list[str]:
    """What stands above a statement: whose words it means, and how to read it."""
    reading = ", ".join(f"{name}={word}" for name, word in definition.reading.items())
    lines = [
        definition.title,
        f"Definition {definition.id}, version {definition.version}, digest {definition.digest}.",
        *([f"Reading: {reading}."] if reading else []),
        *([f"{supposing.text} ({supposing.citation.source})"] if supposing else []),
        *([definition.notice] if definition.notice else []),
        _LEGEND,
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


def _safe(words: str) -> str:
    """Words that cannot end a comment."""
    return " ".join(words.replace("*/", "* /").replace("/*", "/ *").split())
