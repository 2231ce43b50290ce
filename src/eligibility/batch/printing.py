"""The statement as text, in any dialect, with comments that an auditor can read it by."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import sqlglot
from sqlglot import exp

from eligibility.batch.contract import NO_YES, contract
from eligibility.batch.errors import BatchError
from eligibility.conditions import paths
from eligibility.definition import ClassDefinition
from eligibility.errors import Problem, shown
from eligibility.supposition import Supposition

#: A name, what it is, and in words what it is.
Relation: TypeAlias = tuple[str, exp.Query, str]

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
    known = sorted(each.value for each in sqlglot.Dialects if each.value)
    if dialect not in known:
        message = f"`{shown(dialect)}` is no dialect of SQL that is known here."
        hint = f"There are {', '.join(known)}."
        raise BatchError([Problem("unknown-dialect", "dialect", message, hint)])
    whole = result.copy()
    for name, query, what in relations:
        said = query.copy()
        said.comments = [_safe(what)]
        whole = whole.with_(name, said, copy=False)
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
