"""A verdict as it is told: JSON from this library or from elsewhere, read and not believed.

The records of this module are the contract of the verdict JSON. What is told goes on to `verify`.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Strict, ValidationError

from eligibility.errors import InvalidHistory, Problem, first_of
from eligibility.facts.problems import problems_of
from eligibility.facts.read import parse_json

StatusWord: TypeAlias = Literal["eligible", "ineligible", "indeterminate"]
TruthWord: TypeAlias = Literal["true", "false", "unknown"]
QuestionCode: TypeAlias = Literal["yes-no", "which", "before", "when", "complete"]


class Part(BaseModel):
    """An object of the JSON: no key may be missing, and there are no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CitationDocument(Part):
    """Where words come from."""

    source: str
    quote: str


class DefinitionDocument(Part):
    """Which definition it was."""

    id: str
    version: str
    digest: str


class ClauseDocument(Part):
    """How far any one record got."""

    id: str
    truth: TruthWord
    text: str
    citation: CitationDocument


class EvidenceDocument(Part):
    """A fact that a reason cites."""

    path: str
    id: str | None
    source: str | None


class ReasonDocument(Part):
    """One thing that decided it."""

    code: str
    text: str
    citation: CitationDocument
    evidence: tuple[EvidenceDocument, ...]


class AnswerDocument(Part):
    """What an answer adds, and where it leads."""

    text: str
    refinement: dict[str, Any]
    status: StatusWord


class QuestionDocument(Part):
    """What is asked."""

    code: QuestionCode
    text: str
    paths: tuple[str, ...]
    known_by: Literal["claimant", "documents", "defendant"] | None = None
    answers: tuple[AnswerDocument, ...]


class ScenariosDocument(Part):
    """Two whole histories."""

    eligible_if: dict[str, Any] | None
    ineligible_if: dict[str, Any] | None


class VerdictDocument(Part):
    """A whole verdict."""

    schema_version: Literal["1"]
    status: StatusWord
    exact: Annotated[bool, Strict()]
    definition: DefinitionDocument
    reading: dict[str, str]
    supposing: str | None
    history_digest: str
    clauses: tuple[ClauseDocument, ...]
    reasons: tuple[ReasonDocument, ...]
    questions: tuple[QuestionDocument, ...]
    scenarios: ScenariosDocument
    notice: str


class HasDocument(Protocol):
    """What can be had as plain data, such as a `Verdict`."""

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""


#: A verdict, as JSON text, as plain data, or as a record of it.
AnyVerdict: TypeAlias = str | bytes | Mapping[str, Any] | HasDocument


def read_verdict(verdict: AnyVerdict) -> VerdictDocument:
    """What a verdict says.

    Raises:
        InvalidHistory: it is no JSON, or no verdict: all problems, with their paths in it.
    """
    if not isinstance(verdict, str | bytes):
        made = None if isinstance(verdict, type) else getattr(verdict, "to_dict", None)
        data = made() if made else verdict
        try:
            verdict = json.dumps(dict(data) if isinstance(data, Mapping) else data, allow_nan=False)
        except (TypeError, ValueError):
            words = "It holds what JSON does not."
            raise InvalidHistory([Problem("malformed-json", "", words)]) from None
    try:
        return VerdictDocument.model_validate(parse_json(verdict))
    except ValidationError as error:
        raise InvalidHistory(first_of(problems_of(error))) from None
