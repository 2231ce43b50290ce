"""A verdict as JSON text, key by key as `document.VerdictDocument` reads it.

What it says was made here, so it is not validated again. One key is written after the other, for
the witnesses of a long history take much room. What a definition says whatever the history is, its
name, its reading and its clauses, is written once and kept with it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import escaped
from eligibility.facts.model import History
from eligibility.facts.written import history_json, in_pieces
from eligibility.values.citation import Citation
from eligibility.values.truth import Status
from eligibility.verdict.document import SCHEMA_VERSION


def verdict_json(verdict: Any) -> str:
    """The text of a `Verdict`, in which whatever is not plain printable text is escaped."""
    text = f'{{"schema_version": {_json(SCHEMA_VERSION)}'
    for piece in _pieces(verdict):
        text += piece  # grows where it is: none of it stands in memory twice
    text += "}"
    return escaped(text)


def _open_fact(fact: Any) -> dict[str, Any]:
    """An open fact as data, only while it is written: they may be many."""
    return {"text": fact.text, "paths": fact.paths, "known_by": fact.known_by}


_json: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_open_fact).encode


def _pieces(verdict: Any) -> Iterator[str]:
    """What a verdict says after its first key, each piece made when it is asked for."""
    supposing, exact = verdict.supposing, "true" if verdict.exact else "false"
    yield f', "status": "{verdict.status.value}", "exact": {exact}'
    yield _kept(verdict.definition, _named)
    yield f', "supposing": {_json(supposing.name) if supposing else "null"}'
    yield f', "history_digest": "{verdict.history_digest}"'
    yield _kept(verdict.definition, _clauses, verdict.clauses)
    yield f', "reasons": {_json([_reason(each) for each in verdict.reasons])}'
    if verdict.status is not Status.INDETERMINATE:
        yield ', "questions": [], "scenarios": {"eligible_if": null, "ineligible_if": null}'
        yield _kept(verdict.definition, _noticed)
        return
    yield f', "questions": {_json([_question(each) for each in verdict.questions])}'
    both = verdict.scenarios
    yield ', "scenarios": {"eligible_if": '
    yield from _history(both.eligible_if)
    yield ', "ineligible_if": '
    yield from _history(both.ineligible_if)
    yield "}"
    yield _kept(verdict.definition, _noticed)
    if verdict.open:
        yield ', "open": '
        yield from in_pieces(verdict.open, _json)


def _kept(definition: ClassDefinition, write: Callable[..., str], *of: Any) -> str:
    """What is written of a definition, kept with it."""
    key = write, *of
    text: str | None = definition.kept(key)
    if text is None:
        text = write(definition, *of)
        definition.keep(key, text)
    return text


def _named(definition: ClassDefinition) -> str:
    named = {"id": definition.id, "version": definition.version, "digest": definition.digest}
    return f', "definition": {_json(named)}, "reading": {_json(definition.reading)}'


def _noticed(definition: ClassDefinition) -> str:
    return f', "notice": {_json(definition.notice)}'


def _clauses(_definition: ClassDefinition, clauses: tuple[Any, ...]) -> str:
    said = [
        {
            "id": clause.id,
            "truth": clause.truth.word,
            "text": clause.text,
            "citation": _citation(clause.citation),
        }
        for clause in clauses
    ]
    return f', "clauses": {_json(said)}'


def _reason(reason: Any) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": reason.text,
        "citation": _citation(reason.citation),
        "evidence": [
            {"path": fact.path, "id": fact.id, "source": fact.source} for fact in reason.evidence
        ],
    }


def _question(question: Any) -> dict[str, Any]:
    return {
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


def _history(history: History | None) -> Iterator[str]:
    return iter(["null"]) if history is None else history_json(history)


def _citation(citation: Citation) -> dict[str, str]:
    return {"source": citation.source, "quote": citation.quote}
