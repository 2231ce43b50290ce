"""What goes over the wire besides histories and verdicts: its records, which OpenAPI describes."""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.facts.supposition import Supposition
from eligibility.interview.session import Interview
from eligibility.text.definition_prose import condition_words
from eligibility.values.truth import Status
from eligibility.verdict.document import (
    SCHEMA_VERSION,
    CitationDocument,
    DefinitionDocument,
    VerdictDocument,
)
from eligibility.verdict.record import Verdict


class _Document(BaseModel):
    """An object of the JSON: there are no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


# ---- a definition ------------------------------------------------------------------------------


class PointDocument(_Document):
    """A clause, or an exclusion: its words, what they mean, and who says so."""

    id: str
    text: str
    means: str
    citation: CitationDocument
    context: tuple[CitationDocument, ...]


class SuppositionDocument(_Document):
    """What somebody alleges, and a verdict may suppose."""

    name: str
    text: str
    citation: CitationDocument


class ClassDocument(_Document):
    """A class definition under one reading, and what else may be chosen."""

    id: str
    version: str
    title: str
    digest: str
    exact: bool
    notice: str
    reading: dict[str, str]
    readings: dict[str, tuple[str, ...]] = Field(
        description="The words that the query may choose for each disputed term."
    )
    clauses: tuple[PointDocument, ...]
    exclusions: tuple[PointDocument, ...]
    suppositions: tuple[SuppositionDocument, ...]


def class_document(
    definition: ClassDefinition,
    readings: dict[str, tuple[str, ...]],
    suppositions: tuple[Supposition, ...],
) -> ClassDocument:
    """A definition, with what the query may choose."""

    def point(clause: Clause) -> PointDocument:
        return PointDocument(
            id=clause.id,
            text=clause.text,
            means=condition_words(clause.condition, definition.model),
            citation=CitationDocument.model_validate(clause.citation),
            context=tuple(map(CitationDocument.model_validate, clause.context)),
        )

    return ClassDocument(
        id=definition.id,
        version=definition.version,
        title=definition.title,
        digest=definition.digest,
        exact=definition.exact,
        notice=definition.notice,
        reading=dict(definition.reading),
        readings=readings,
        clauses=tuple(map(point, definition.clauses)),
        exclusions=tuple(map(point, definition.exclusions)),
        suppositions=tuple(map(SuppositionDocument.model_validate, suppositions)),
    )


# ---- a status ----------------------------------------------------------------------------------


class StatusDocument(_Document):
    """What was decided, in short: a verdict without its reasons, questions and scenarios."""

    schema_version: Literal["1"]
    status: Status
    exact: bool
    definition: DefinitionDocument
    reading: dict[str, str]
    supposing: str | None
    history_digest: str
    clauses: dict[str, Literal["true", "false", "unknown"]] = Field(
        description="How far any one record got, by the ids of the clauses."
    )
    notice: str


def status_data(verdict: Verdict) -> dict[str, Any]:
    """What was decided, in short, as plain data."""
    definition = verdict.definition
    return {
        "schema_version": SCHEMA_VERSION,
        "status": verdict.status.value,
        "exact": verdict.exact,
        "definition": {
            "id": definition.id,
            "version": definition.version,
            "digest": definition.digest,
        },
        "reading": dict(verdict.reading),
        "supposing": verdict.supposing.name if verdict.supposing else None,
        "history_digest": verdict.history_digest,
        "clauses": {clause.id: clause.truth.word for clause in verdict.clauses},
        "notice": verdict.notice,
    }


# ---- a survey ----------------------------------------------------------------------------------


class ReadingStatusDocument(_Document):
    """The status under one reading."""

    reading: dict[str, str]
    status: Status


class SurveyDocument(_Document):
    """The status under every reading of the case, the default reading first."""

    supposing: str | None
    agrees: bool = Field(description="Whether the status is the same under every reading.")
    turns_on: tuple[str, ...] = Field(
        description="The disputed terms of which some word alone changes the status."
    )
    counts: dict[str, int] = Field(description="How many readings lead to each status.")
    readings: tuple[ReadingStatusDocument, ...]


# ---- an archive --------------------------------------------------------------------------------


class ArchiveDocument(_Document):
    """What an export archive shows: a history, and how it was read. Nothing of it was kept."""

    history: dict[str, Any] = Field(description="To be sent on as it is; see `/schema/history`.")
    report: dict[str, Any] = Field(
        description="Each file, what was passed over and why, and hints that are no facts."
    )


# ---- an interview ------------------------------------------------------------------------------


class Chosen(_Document):
    """One answer, or several, by their places; what is not picked is then known not to be so."""

    chosen: tuple[StrictInt, ...]
    rest: StrictBool = Field(
        default=True, description="Of records to pick from: whether that is all."
    )


class Dated(_Document):
    """A date, as exactly as it is known: `2021-03`, `2023`, `March 2021`."""

    date: str


class DontKnow(_Document):
    """'I don't know', which is final."""

    dont_know: Literal[True]


class Undo(_Document):
    """The last answer is taken back."""

    undo: Literal[True]


class Change(_Document):
    """Back to an earlier question, by its id; of one that was asked again, which time, from 1."""

    change: str
    time: StrictInt = 1


Said: TypeAlias = Chosen | Dated | DontKnow | Undo | Change
#: Each way to say something, by the key that it has and no other has.
SAID: dict[str, type[Said]] = {
    "chosen": Chosen,
    "date": Dated,
    "dont_know": DontKnow,
    "undo": Undo,
    "change": Change,
}


class NextDocument(_Document):
    """A saved interview, and what was said to its question; without that, as it stands."""

    interview: dict[str, Any] = Field(description="As the last answer had it, unchanged.")
    say: Said | None = None


class AskedAnswerDocument(_Document):
    """One answer that can be chosen, and where it leads. Do not show people where it leads."""

    text: str
    refinement: dict[str, Any]
    status: Literal["eligible", "ineligible", "indeterminate"]


class AskedDocument(_Document):
    """The next question."""

    id: str
    topic: str
    text: str
    help: str
    kind: Literal["any", "yes-no", "which", "when", "pick"]
    path: str | None
    list: str | None
    condition: dict[str, Any] | None
    others: int = Field(ge=0, description="Of how many more records it may be asked next.")
    takes_several: bool
    takes_date: bool
    example: str
    answers: tuple[AskedAnswerDocument, ...]


class LeftOpenDocument(_Document):
    """What stays open, after 'it is not known', and who could know it."""

    text: str
    known_by: Literal["claimant", "documents", "defendant"] | None
    who: str


class InterviewDocument(_Document):
    """An interview as it stands. `verdict` is there once nothing more is asked."""

    interview: dict[str, Any] = Field(description="Keep it, and send it with the next answer.")
    question: AskedDocument | None
    progress: float = Field(ge=0, le=1)
    open: tuple[LeftOpenDocument, ...]
    verdict: VerdictDocument | None


def interview_data(interview: Interview, saved: dict[str, Any]) -> dict[str, Any]:
    """An interview as it stands, as plain data; `saved` is the same as it is kept."""
    question = interview.question
    return {
        "interview": saved,
        "question": None if question is None else question.to_dict(),
        "progress": interview.progress,
        "open": [
            {"text": each.text, "known_by": each.known_by, "who": each.who}
            for each in interview.open
        ],
        "verdict": interview.verdict.to_dict() if question is None else None,
    }


# ---- a letter ----------------------------------------------------------------------------------


class LetterPartDocument(_Document):
    """A heading, and the blocks below it, each of its own kind."""

    heading: str
    blocks: tuple[dict[str, Any], ...]


class LetterDocument(_Document):
    """A letter as data: any renderer can show it."""

    schema_version: Literal["1"]
    language: Literal["en"]
    title: str
    about: str
    parts: tuple[LetterPartDocument, ...]
