"""The one JSON contract of a verdict: its records are what is written, what is read, the schema.

A `Verdict` is written by them, and one that comes from elsewhere is read by them: read, and not
believed. What is read may go on to `verify`.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Protocol, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    Strict,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from eligibility.arguments import expect
from eligibility.errors import InvalidHistory, InvalidVerdict, Problem, first_of, json_text, shown
from eligibility.facts.problems import problems_of
from eligibility.facts.read import parse_json
from eligibility.immutable import freeze
from eligibility.values.truth import Status, Truth

SCHEMA_VERSION: Final = "1"
#: A history nests four levels deep.
_MOST_LEVELS: Final = 20
_TRUTHS: Final = {truth.word: truth for truth in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)}

QuestionCode: TypeAlias = Literal["yes-no", "which", "before", "when", "complete"]


def _truth(value: object) -> Truth:
    if isinstance(value, Truth):
        return value
    if isinstance(value, str) and value in _TRUTHS:
        return _TRUTHS[value]
    raise PydanticKnownError("literal_error", {"expected": "'true', 'false' or 'unknown'"})


def _kept(data: dict[str, Any]) -> dict[str, Any]:
    """Data in which nothing changes any more, and which can be written again."""
    level: list[Any] = [data]
    for _ in range(_MOST_LEVELS):
        if not level:
            break
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [one for each in inner for one in each if isinstance(one, dict | list | tuple)]
    if level:
        raise PydanticCustomError(
            "too-deep", "Lists and objects are nested deeper than in any verdict."
        )
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "not-unicode", "A text in the verdict holds half of a character."
        ) from None
    frozen: dict[str, Any] = freeze(data)
    return frozen


Kept = AfterValidator(_kept)
TruthField = Annotated[
    Truth,
    PlainValidator(_truth),
    PlainSerializer(lambda truth: truth.word, return_type=str),
    WithJsonSchema({"type": "string", "enum": list(_TRUTHS)}),
]
#: A whole history, as data: `AccountHistory.model_validate(data)` makes one of it.
HistoryData = Annotated[dict[str, Any], Kept]


class JsonObject(BaseModel):
    """An object of the JSON: no key may be missing, and there are no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class CitationDocument(JsonObject):
    """Where words come from."""

    source: str
    quote: str


class DefinitionDocument(JsonObject):
    """Which definition it was."""

    id: str
    version: str
    digest: str


class ClauseDocument(JsonObject):
    """How far any one record got."""

    id: str
    truth: TruthField
    text: str
    citation: CitationDocument


class EvidenceDocument(JsonObject):
    """A fact that a reason cites."""

    path: str
    id: str | None
    source: str | None


class ReasonDocument(JsonObject):
    """One thing that decided it."""

    code: str
    text: str
    citation: CitationDocument
    evidence: tuple[EvidenceDocument, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The paths that it cites."""
        return tuple(each.path for each in self.evidence)


class AnswerDocument(JsonObject):
    """What an answer adds, and where it leads."""

    text: str
    refinement: Annotated[dict[str, Any], Kept]
    status: Status


class QuestionDocument(JsonObject):
    """What is asked."""

    code: QuestionCode
    text: str
    paths: tuple[str, ...]
    known_by: Literal["claimant", "documents", "defendant"] | None = None
    answers: tuple[AnswerDocument, ...]


class OpenFactDocument(JsonObject):
    """What the status can turn on and nobody here can tell."""

    text: str
    paths: tuple[str, ...]
    known_by: Literal["claimant", "documents", "defendant"] | None = None


class ScenariosDocument(JsonObject):
    """Two whole histories."""

    eligible_if: HistoryData | None
    ineligible_if: HistoryData | None


class VerdictDocument(JsonObject):
    """A verdict as its JSON says it: that of this library, or one from elsewhere.

    It says what a `Verdict` says, by the same names, and what it says is not believed: `verify`
    holds it to a history. The definition is there by its id, version and digest, the history by its
    digest, a supposition by its name, and witnesses as the data of histories.
    """

    schema_version: Literal["1"]
    status: Status
    exact: Annotated[bool, Strict()]
    definition: DefinitionDocument
    reading: Annotated[dict[str, str], Kept]
    supposing: str | None
    history_digest: str
    clauses: tuple[ClauseDocument, ...]
    reasons: tuple[ReasonDocument, ...]
    questions: tuple[QuestionDocument, ...]
    scenarios: ScenariosDocument
    notice: str
    open: tuple[OpenFactDocument, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data, in the order of the JSON contract."""
        return self.model_dump(mode="json", exclude_unset=True)

    def to_json(self, *, indent: int | None = None) -> str:
        """The verdict as JSON text."""
        expect(indent, int | None, "indent")
        return json_text(self.to_dict(), indent=indent)

    def __hash__(self) -> int:
        return hash_of(self)

    def __repr__(self) -> str:
        of = f"{self.definition.id}, history {shown(self.history_digest, 13)}"
        return f"<VerdictDocument {self.status}: {of}>"


class HasDocument(Protocol):
    """What can be had as plain data, such as a `Verdict`."""

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""


#: A verdict, as JSON text, as plain data, or as a record of it.
AnyVerdict: TypeAlias = str | bytes | Mapping[str, Any] | HasDocument


def hash_of(verdict: Any) -> int:
    """A hash of what a verdict is about: alike for verdicts that say the same."""
    return hash((verdict.status, verdict.history_digest, verdict.definition.digest))


def read_verdict(verdict: AnyVerdict) -> VerdictDocument:
    """What a verdict says.

    Raises:
        InvalidVerdict: it is no JSON, or no verdict: all problems, with their paths in it.
    """
    if not isinstance(verdict, str | bytes):
        made = None if isinstance(verdict, type) else getattr(verdict, "to_dict", None)
        data = made() if made else verdict
        try:
            verdict = json.dumps(dict(data) if isinstance(data, Mapping) else data, allow_nan=False)
        except (TypeError, ValueError):
            words = "The verdict holds a value that JSON does not have."
            hint = "Pass a `Verdict`, what its `to_dict` returns, or its JSON text."
            raise InvalidVerdict([Problem("malformed-json", "", words, hint)]) from None
    try:
        return VerdictDocument.model_validate(parse_json(verdict))
    except InvalidHistory as error:  # of the text as JSON
        raise InvalidVerdict(error.problems) from None
    except ValidationError as error:
        raise InvalidVerdict(first_of(problems_of(error))) from None
