"""The promises as laws: each has a name and an English sentence, and can be held on a definition.

`check_laws(definition)` tries them all and tells at once which do not hold, each with the smallest
history that shows it. The same is `pytest --eligibility-laws my_package.rules:DEFINITION`, one test
for each law. Whatever decides in place of `evaluate` can be put on trial too.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.rules import AS_ALLEGED
from eligibility.testing import interview_laws as interviews
from eligibility.testing import law_trials as trials
from eligibility.testing.draw import st
from eligibility.testing.draw.outcomes import contradictable
from eligibility.testing.known import named
from eligibility.testing.search import smallest
from eligibility.testing.trial import Decide, Supposing, Trial, Words, compact
from eligibility.verdict.record import evaluate

if TYPE_CHECKING:
    import hypothesis


@frozen
class Law:
    """One promise: its name, its sentence, and how it is tried.

    `weaker` says what of it is held of a verdict that does not claim to be exact; it is empty where
    that is the same. `most` is how often it is tried at most, where one trial is long.
    """

    name: str
    sentence: str
    breach: Callable[[Trial], Words] = field(repr=False)
    weaker: str = ""
    most: int | None = None


#: How many people are interviewed at most to try a law: each is asked a dozen questions.
MOST_INTERVIEWS: Final = 20
#: Every law, in the order of the promises.
LAWS: Final = (
    Law(
        "exact",
        "Eligible if every world of the history is in the class, ineligible if none is, "
        "indeterminate only if some are and some are not; and so for every clause.",
        trials.exact,
        "Eligible if every world of the history is in the class, ineligible if none is.",
    ),
    Law(
        "witnessed",
        "An indeterminate verdict carries two histories that refine the given one, one eligible "
        "and one ineligible; they can be written, read back and decided.",
        trials.witnessed,
        "One of the two may be missing.",
    ),
    Law(
        "monotone",
        "To know more never turns eligible into anything else, nor ineligible.",
        trials.monotone,
    ),
    Law(
        "forgetting",
        "To know less never turns eligible into ineligible, nor ineligible into eligible.",
        trials.forgetting,
    ),
    Law(
        "order-free",
        "The order of records, of clauses and of exclusions changes no status.",
        trials.order_free,
    ),
    Law(
        "reasons-suffice",
        "Forget every fact that the reasons do not cite: the verdict stays.",
        trials.reasons_suffice,
    ),
    Law(
        "reasons-needed",
        "Forget one fact that the reasons cite, with all that they do not: it is indeterminate.",
        trials.reasons_needed,
    ),
    Law(
        "questions-matter",
        "What no question asks for, and is not named as open, changes nothing; none asks for a "
        "fact on which the definition cannot turn; a decided verdict asks nothing.",
        trials.questions_matter,
    ),
    Law(
        "answers-lead",
        "Each answer to a question can be given, and leads to the status that it says.",
        trials.answers_lead,
    ),
    Law(
        "cited",
        "Every clause and every reason names its source, and every reason its clauses.",
        trials.cited,
    ),
    Law(
        "inconsistent",
        "A history that no world fits is refused, with the paths of what clashes.",
        trials.inconsistent,
    ),
    Law(
        "pure",
        "The same history, definition and reading give the same verdict, byte for byte.",
        trials.pure,
    ),
    Law(
        "supposing",
        "A supposition only takes worlds away: what is decided stays decided, and the histories "
        "that witness a verdict under it agree with it.",
        trials.supposing,
    ),
    Law(
        "interview-ends",
        "An interview ends, whatever is answered, and its progress never goes back.",
        interviews.interview_ends,
        most=MOST_INTERVIEWS,
    ),
    Law(
        "asks-what-can-matter",
        "An interview asks whom it asks only what they can know and what can change the status; "
        "when it has ended, nothing that they could still say changes it.",
        interviews.asks_what_can_matter,
        most=MOST_INTERVIEWS,
    ),
    Law(
        "dont-know-is-final",
        "What somebody does not know is never asked again; of one more record only in a shorter "
        "time.",
        interviews.dont_know_is_final,
        most=MOST_INTERVIEWS,
    ),
    Law(
        "undo-is-never-said",
        "An answer that is taken back leaves no trace, and an interview that is saved and taken up "
        "again is the same.",
        interviews.undo_is_never_said,
        most=MOST_INTERVIEWS,
    ),
    Law(
        "ends-in-evaluate",
        "An interview ends in the verdict on what was said; whoever answers truthfully gets the "
        "verdict on all that they know.",
        interviews.ends_in_evaluate,
        most=MOST_INTERVIEWS,
    ),
)


@frozen
class Breach:
    """A law that does not hold: in words how, and the smallest history that shows it.

    There is no history where it says this and that of the same one.
    """

    law: Law
    definition: ClassDefinition = field(repr=False)
    history: History | None
    words: str

    def __str__(self) -> str:
        lines = [
            f"The law `{self.law.name}` does not hold: {self.law.sentence}",
            f"  {self.words}",
            f"  Definition: {named(self.definition)}",
        ]
        if self.history is not None:
            lines.append(f"  History: {compact(self.history)}")
        return "\n".join(lines)


class LawBroken(AssertionError):
    """Laws that do not hold. `breaches` has each of them, with a history that shows it."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n\n".join(map(str, self.breaches)))


def laws_for(definition: ClassDefinition, supposing: Supposition | None = None) -> tuple[Law, ...]:
    """The laws that can be held on a definition: all but those that say nothing of it.

    `why_apart` says why they do not.

    >>> from eligibility.rules import class_definition
    >>> [law.name for law in laws_for(class_definition())][:3]
    ['exact', 'witnessed', 'monotone']
    """
    return tuple(law for law in LAWS if not why_apart(law, definition, supposing))


def why_apart(law: Law, definition: ClassDefinition, supposing: Supposition | None = None) -> str:
    """Why a law says nothing of a definition, in a sentence; empty if it does say something.

    >>> from eligibility.rules import class_definition
    >>> why_apart(LAWS[0], class_definition())
    ''
    """
    expect(law, Law, "law", "Those that there are stand in `LAWS`.")
    expect(definition, ClassDefinition, "definition")
    expect(supposing, Supposition | None, "supposing")
    model = definition.model
    if law.breach is trials.supposing and _supposed(definition, supposing) is None:
        return f"Nothing is supposed of a `{model.__name__}`."
    if law.breach is trials.inconsistent and not contradictable(model):
        return (
            f"No record of a `{model.__name__}` can contradict itself: none has moments in a known "
            "order, or one that exists only if a fact is true."
        )
    return ""


@frozen
class LawReport:
    """What was found of the laws: those that held, and those that say nothing here, with why."""

    held: tuple[Law, ...]
    apart: tuple[tuple[Law, str], ...]

    def __str__(self) -> str:
        lines = [f"{len(self.held)} laws held: {', '.join(law.name for law in self.held)}."]
        lines += [f"`{law.name}` does not apply: {why}" for law, why in self.apart]
        return "\n".join(lines)


def check_laws(
    definition: ClassDefinition,
    *,
    decide: Decide = evaluate,
    supposing: Supposition | None = None,
    settings: "hypothesis.settings | None" = None,
) -> LawReport:
    """Hold a definition, and whatever decides about it, to all laws that say something of it.

    Args:
        definition: any class definition, over any history model.
        decide: what is on trial: a history and a definition in, a verdict out. With
            `Supposing(AS_ALLEGED)` the laws are held under a supposition.
        supposing: what may be supposed of such histories; of an `AccountHistory`, if nothing is
            named, what the complaint alleges.
        settings: Hypothesis's; those of the active profile if none are given. There is no deadline.

    >>> from hypothesis import settings
    >>> from eligibility.rules import class_definition
    >>> report = check_laws(class_definition(), settings=settings(max_examples=2))
    >>> len(report.held), report.apart
    (18, ())

    Raises:
        LawBroken: all laws that do not hold, at once.
    """
    held = laws_for(definition, supposing)
    found = [
        find_breach(law, definition, decide=decide, supposing=supposing, settings=settings)
        for law in held
    ]
    breaches = [breach for breach in found if breach is not None]
    if breaches:
        raise LawBroken(breaches)
    apart = ((law, why_apart(law, definition, supposing)) for law in LAWS if law not in held)
    return LawReport(held, tuple(apart))


def find_breach(
    law: Law,
    definition: ClassDefinition,
    *,
    decide: Decide = evaluate,
    supposing: Supposition | None = None,
    settings: "hypothesis.settings | None" = None,
) -> Breach | None:
    """The smallest history that shows one law broken; None if none turned up, or if none could.

    The arguments are those of `check_laws`.
    """
    import hypothesis  # noqa: PLC0415 - `draw` says so first where it is missing

    if why_apart(law, definition, supposing):
        return None
    breaches = _breaches(law, definition, decide, _supposed(definition, supposing))
    if law.most is not None:
        kept = hypothesis.settings() if settings is None else settings
        settings = hypothesis.settings(kept, max_examples=min(law.most, kept.max_examples))
    under = f" {decide.supposition.name}" if isinstance(decide, Supposing) else ""
    try:
        return smallest(breaches, settings, f"{law.name} {definition.digest}{under}")
    except hypothesis.errors.Flaky:
        return Breach(law, definition, None, "Asked the same again, it says something else.")


@st.composite
def _breaches(
    draw: "st.DrawFn",
    law: Law,
    definition: ClassDefinition,
    decide: Decide,
    supposing: Supposition | None,
) -> Breach | None:
    """What breaks a law, where a drawn trial does."""
    trial = Trial(draw, definition, decide, supposing)
    try:
        words = law.breach(trial)
    except Exception as error:
        if trial.is_drawing:
            raise
        words = f"It raised {type(error).__name__}: {error}"
    if words is None or trial.history is None:
        return None
    return Breach(law, definition, trial.history, words)


def _supposed(definition: ClassDefinition, supposing: Supposition | None) -> Supposition | None:
    if supposing is None and issubclass(definition.model, AccountHistory):
        return AS_ALLEGED
    return supposing
