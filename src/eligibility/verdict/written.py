"""The JSON of a verdict, written directly: what it says was made here, and is not looked at again.

A verdict comes in, its text goes out, key by key as `document.VerdictDocument` reads it. What hangs
on the definition alone is written once, and kept with it.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import escaped
from eligibility.facts.written import history_json, quoted
from eligibility.verdict.document import SCHEMA_VERSION

if TYPE_CHECKING:
    from eligibility.verdict.questions import OpenFact, Question
    from eligibility.verdict.reasons import Reason


def verdict_json(verdict: Any) -> str:
    """The text of a `Verdict`, in which whatever is not plain printable text is escaped."""
    text = StringIO()  # of a long history, all pieces and their text at once take twice the room
    for piece in _pieces(verdict):
        text.write(piece)
    return escaped(text.getvalue())


_YES_NO = ("false", "true")


def _pieces(verdict: Any) -> Iterator[str]:
    definition = verdict.definition
    yield (
        f'{{"schema_version": "{SCHEMA_VERSION}", "status": "{verdict.status.value}", '
        f'"exact": {_YES_NO[verdict.exact]}, {_about(definition)}, '
        f'"supposing": {_or_null(verdict.supposing.name if verdict.supposing else None)}, '
        f'"history_digest": "{verdict.history_digest}", '
        f'"clauses": {_clauses(definition, verdict.clauses)}, "reasons": ['
    )
    yield from _row(map(_reason, verdict.reasons))
    yield '], "questions": ['
    yield from _row(map(_question, verdict.questions))
    yield '], "scenarios": {"eligible_if": '
    both = verdict.scenarios
    yield history_json(both.eligible_if) if both and both.eligible_if else "null"
    yield ', "ineligible_if": '
    yield history_json(both.ineligible_if) if both and both.ineligible_if else "null"
    yield f'}}, "notice": {quoted(verdict.notice)}'
    if verdict.open:
        yield ', "open": ['
        yield from _row(map(_open, verdict.open))
        yield "]"
    yield "}"


def _row(written: Iterable[str]) -> Iterator[str]:
    """Several in a row, with commas between them."""
    comma = ""
    for each in written:
        yield comma
        yield each
        comma = ", "


def _all(written: Iterable[str]) -> str:
    return f"[{', '.join(written)}]"


def _or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _plain(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def _about(definition: ClassDefinition) -> str:
    found: str | None = definition.kept(_about)
    if found is None:
        named = {key: getattr(definition, key) for key in ("id", "version", "digest")}
        found = f'"definition": {_plain(named)}, "reading": {_plain(definition.reading)}'
        definition.keep(_about, found)
    return found


def _clauses(definition: ClassDefinition, clauses: tuple[Any, ...]) -> str:
    key = (_clauses, *(clause.truth.word for clause in clauses))
    found: str | None = definition.kept(key)
    if found is None:
        found = _all(
            f'{{"id": {quoted(clause.id)}, "truth": "{clause.truth.word}", '
            f'"text": {quoted(clause.text)}, '
            f'"citation": {_citation(clause.citation.source, clause.citation.quote)}}}'
            for clause in clauses
        )
        definition.keep(key, found)
    return found


@lru_cache(maxsize=1024)
def _citation(source: str, quote: str) -> str:
    return f'{{"source": {quoted(source)}, "quote": {quoted(quote)}}}'


def _reason(reason: "Reason") -> str:
    evidence = _all(
        f'{{"path": {quoted(each.path)}, "id": {_or_null(each.id)}, '
        f'"source": {_or_null(each.source)}}}'
        for each in reason.evidence
    )
    return (
        f'{{"code": {quoted(reason.code)}, "text": {quoted(reason.text)}, '
        f'"citation": {_citation(reason.citation.source, reason.citation.quote)}, '
        f'"evidence": {evidence}}}'
    )


def _question(question: "Question") -> str:
    answers = _all(
        f'{{"text": {quoted(answer.text)}, "refinement": {_plain(answer.refinement)}, '
        f'"status": "{answer.status.value}"}}'
        for answer in question.answers
    )
    return (
        f'{{"code": {quoted(question.code)}, "text": {quoted(question.text)}, '
        f'"paths": {_all(map(quoted, question.paths))}, '
        f'"known_by": {_or_null(question.known_by)}, "answers": {answers}}}'
    )


def _open(fact: "OpenFact") -> str:
    return (
        f'{{"text": {quoted(fact.text)}, "paths": {_all(map(quoted, fact.paths))}, '
        f'"known_by": {_or_null(fact.known_by)}}}'
    )
