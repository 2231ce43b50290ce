"""What you call: evaluate, read, verify, write a letter, and all readings side by side.

The engine knows of no case. Where no model or definition is passed, these functions supply that of
De La Torre v. LinkedIn.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import frozen
from typing_extensions import TypeVar

from eligibility.arguments import checked, expect
from eligibility.case import READING_SOURCES
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import UnknownReading
from eligibility.evaluation.reference import membership
from eligibility.facts import read
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.read import MOST_RECORDS
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.readings import DEPENDS_ON, MEANS
from eligibility.rules import (
    AS_ALLEGED,
    DIMENSIONS,
    SUPPOSITIONS,
    Reading,
    class_definition,
    every_reading,
)
from eligibility.values.english import listed
from eligibility.values.truth import Status
from eligibility.verdict import record
from eligibility.verdict.record import Verdict

if TYPE_CHECKING:
    from eligibility.audit.certificate import Certificate
    from eligibility.text.letter import ReadWord
    from eligibility.text.writing import Letter
    from eligibility.verdict.document import AnyVerdict


H = TypeVar("H", bound=History, default=AccountHistory)


def read_history(
    text: str | bytes,
    model: type[H] = AccountHistory,  # type: ignore[assignment]  # H is AccountHistory where no model is passed
    *,
    most_records: int = MOST_RECORDS,
) -> H:
    """The history that a JSON text states.

    A text of more than 64 MiB, or of more than `most_records` records in all, is refused before
    anything is built of it. A server that reads what strangers send may set that lower.

    >>> read_history('{"account_id": "A-1001", "complete": ["premium"]}').complete
    ('premium',)

    Raises:
        InvalidHistory: the text is no JSON, or does not fit the model: all problems, with paths;
            beyond a hundred they are counted.
        InconsistentHistory: no world fits the history.
    """
    expect(model, type[History], "model")
    return read.read_history(text, model, most_records=most_records)


def evaluate(
    history: History,
    definition: ClassDefinition | None = None,
    *,
    supposing: Supposition | None = None,
) -> Verdict:
    """Whether the account is in the class, exactly as far as the history carries.

    Without a definition, the proposed class of De La Torre v. LinkedIn under its default reading.

    >>> evaluate(AccountHistory(account_id="A-1001")).status
    <Status.INDETERMINATE: 'indeterminate'>

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    definition = _default_definition() if definition is None else definition
    return record.evaluate(history, definition, supposing=supposing)


@lru_cache(maxsize=1)
def _default_definition() -> ClassDefinition:
    return class_definition()


def verify(
    history: History,
    verdict: "AnyVerdict",
    definition: ClassDefinition | None = None,
) -> "Certificate":
    """Check a verdict on a history, independently of whatever decided it.

    Without a definition, it is the proposed class of De La Torre v. LinkedIn under the reading that
    the verdict names. Sentences are not checked, nor whether more could have been asked.

    >>> verify(AccountHistory(account_id="A-1001"), '{"schema_version": "1"}').wrong[0].code
    'missing'

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    from eligibility.audit import certificate  # noqa: PLC0415 - only a check needs it

    expect(definition, ClassDefinition | None, "definition")
    of = _under if definition is None else definition
    return certificate.verify(history, verdict, of, SUPPOSITIONS)


def _under(reading: Mapping[str, str]) -> ClassDefinition:
    return class_definition(Reading.of(**reading))


def reading_of_case(definition: ClassDefinition) -> Reading | None:
    """The reading of De La Torre v. LinkedIn that a definition is; None if it is another class."""
    try:
        reading = Reading.of(**definition.reading)
    except UnknownReading:
        return None
    return reading if definition == class_definition(reading) else None


def write_letter(
    history: History,
    definition: ClassDefinition | None = None,
    *,
    supposing: Supposition | None = None,
    unread: tuple[str, ...] = (),
) -> "Letter":
    """The letter about a self-check, as data: what a person can keep, or send to an adviser.

    Without a definition, it is about the proposed class of De La Torre v. LinkedIn. Of that class,
    and where what is known leaves it open, it says beside that what would follow supposing what the
    complaint alleges; of another one, what is supposed must be passed. `unread` are lines about
    what of the person's files could not be read. `letter_page(letter)` is it as HTML.

    >>> write_letter(AccountHistory(account_id="A-1001")).parts[2].blocks[0].text
    'Not decided'

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the definition speaks of another kind of history.
    """
    from eligibility.text.letter import letter_of  # noqa: PLC0415 - only a letter needs it

    expect(history, History, "history")
    expect(definition, ClassDefinition | None, "definition")
    expect(supposing, Supposition | None, "supposing")
    expect(unread, tuple[str, ...], "unread", "Pass a tuple of texts.")
    definition = class_definition() if definition is None else definition
    definition.expect(history)
    reading, agreement = reading_of_case(definition), ""
    if reading is not None:
        supposing = supposing or AS_ALLEGED
        status = record.evaluate(history, definition).status
        agreement = survey(history).agreement(status)
    return letter_of(
        history,
        definition,
        supposing=supposing,
        readings=tuple(_read_words(reading)) if reading else (),
        agreement=agreement,
        unread=unread,
    )


def _read_words(reading: Reading) -> "Iterator[ReadWord]":
    """How a reading takes each disputed term, who says so, and how else it may be read."""
    from eligibility.text.letter import ReadWord  # noqa: PLC0415 - only a letter needs it

    for name, word in reading.words().items():
        value = DIMENSIONS[name](word)
        others = (other for other in DIMENSIONS[name] if other is not value)
        yield ReadWord(
            name,
            word,
            MEANS[value],
            str(READING_SOURCES[value]),
            tuple(f"{MEANS[other]} ({name}={other.value})" for other in others),
        )


@frozen(field_transformer=checked)
class Survey:
    """The status of an account under every reading, the default reading first."""

    statuses: tuple[tuple[Reading, Status], ...]
    supposing: Supposition | None = None

    @property
    def agrees(self) -> bool:
        """Whether the outcome is the same under every reading."""
        return len({status for _, status in self.statuses}) == 1

    @property
    def counts(self) -> dict[Status, int]:
        """How many readings lead to each status."""
        found = [status for _, status in self.statuses]
        return {status: found.count(status) for status in Status}

    @property
    def turns_on(self) -> tuple[str, ...]:
        """The dimensions of which some value alone, all others being equal, changes the status."""
        return tuple(name for name in DIMENSIONS if self._turns_on(name))

    def agreement(self, status: Status) -> str:
        """On how many readings the outcome is this one, and what it depends on, as a sentence."""
        same, count = self.counts[status], len(self.statuses)
        if same == count:
            return f"The answer is the same on all {count} readings."
        return f"The answer is the same on {same} of {count} readings. {self.depends}"

    @property
    def depends(self) -> str:
        """What the outcome depends on, as a sentence."""
        on = [DEPENDS_ON[name] for name in self.turns_on]
        return f"It depends on {listed([*on[:1], *(f'on {each}' for each in on[1:])])}."

    def _turns_on(self, name: str) -> bool:
        found: dict[tuple[str, ...], set[Status]] = {}
        for reading, status in self.statuses:
            rest = tuple(word for key, word in reading.words().items() if key != name)
            found.setdefault(rest, set()).add(status)
        return any(len(statuses) > 1 for statuses in found.values())

    def to_dict(self) -> dict[str, Any]:
        """The survey as plain data."""
        return {
            "supposing": self.supposing.name if self.supposing else None,
            "agrees": self.agrees,
            "turns_on": list(self.turns_on),
            "counts": {status.value: count for status, count in self.counts.items()},
            "readings": [
                {"reading": reading.words(), "status": status.value}
                for reading, status in self.statuses
            ],
        }


def survey(history: History, *, supposing: Supposition | None = None) -> Survey:
    """The status under every reading of De La Torre v. LinkedIn.

    >>> survey(AccountHistory(account_id="A-1001", complete=["messages"])).agrees
    True

    Raises:
        InconsistentHistory: no world fits the history.
        InvalidHistory: `wrong-model`, the history is not an `AccountHistory`.
    """
    expect(supposing, Supposition | None, "supposing")
    class_definition().expect(history)
    known = normalise(history)
    facts: dict[Supposition | None, KnownHistory] = {}  # readings differ little in it
    statuses = []
    for reading in every_reading():
        definition = class_definition(reading)
        supposed = None if supposing is None else supposing.under(definition.reading)
        if supposed not in facts:
            facts[supposed] = known if supposed is None else supposed.suppose(known)
        status = Status.of(membership(facts[supposed], definition))
        statuses.append((reading, status))
    return Survey(tuple(statuses), supposing)
