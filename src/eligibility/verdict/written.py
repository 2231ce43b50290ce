"""A verdict as JSON text, key by key as `document.VerdictDocument` reads it.

What it says was made here, so it is not validated again. One key is written after the other, for
the witnesses of a long history take much room as data.
"""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from attrs import asdict

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import escaped
from eligibility.facts.records import HistoryFields
from eligibility.facts.written import plain_history
from eligibility.values.citation import Citation
from eligibility.verdict.document import SCHEMA_VERSION


def verdict_json(verdict: Any) -> str:
    """The text of a `Verdict`, in which whatever is not plain printable text is escaped."""
    text = StringIO()
    for key, value in _said(verdict):
        text.write(f'{", " if text.tell() else "{"}"{key}": {_ENCODER.encode(value)}')
    text.write("}")
    return escaped(text.getvalue())


def _plain(value: Any) -> dict[str, Any]:
    """A history, or an open fact, as data: only while it is written, for they may be many."""
    is_history = isinstance(value, HistoryFields)
    return plain_history(value) if is_history else asdict(value, recurse=False)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=_plain)


def _said(verdict: Any) -> Iterator[tuple[str, Any]]:
    """What a verdict says, each of it made when it is asked for."""
    yield "schema_version", SCHEMA_VERSION
    yield "status", verdict.status.value
    yield "exact", verdict.exact
    yield "definition", _named(verdict.definition)
    yield "reading", verdict.reading
    yield "supposing", verdict.supposing.name if verdict.supposing else None
    yield "history_digest", verdict.history_digest
    yield (
        "clauses",
        [
            {
                "id": clause.id,
                "truth": clause.truth.word,
                "text": clause.text,
                "citation": _citation(clause.citation),
            }
            for clause in verdict.clauses
        ],
    )
    yield (
        "reasons",
        [
            {
                "code": reason.code,
                "text": reason.text,
                "citation": _citation(reason.citation),
                "evidence": [
                    {"path": fact.path, "id": fact.id, "source": fact.source}
                    for fact in reason.evidence
                ],
            }
            for reason in verdict.reasons
        ],
    )
    yield (
        "questions",
        [
            {
                "code": question.code,
                "text": question.text,
                "paths": question.paths,
                "known_by": question.known_by,
                "answers": [
                    {
                        "text": answer.text,
                        "refinement": answer.refinement,
                        "status": answer.status.value,
                    }
                    for answer in question.answers
                ],
            }
            for question in verdict.questions
        ],
    )
    both = verdict.scenarios
    yield (
        "scenarios",
        {
            "eligible_if": both and both.eligible_if,
            "ineligible_if": both and both.ineligible_if,
        },
    )
    yield "notice", verdict.notice
    if verdict.open:
        yield "open", verdict.open


def _named(definition: ClassDefinition) -> dict[str, str]:
    return {"id": definition.id, "version": definition.version, "digest": definition.digest}


def _citation(citation: Citation) -> dict[str, str]:
    return {"source": citation.source, "quote": citation.quote}
