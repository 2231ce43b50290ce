"""Strategies for histories, and for what a history is made of and is judged by.

Everything a type can hold is drawn by default. Dates crowd around what matters: the edges of the
definition that is named, the bounds that the history has already, days on which clocks and
calendars are odd. What is drawn shrinks to the simplest history that still shows a failure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.rules import Reading, class_definition, every_reading
from eligibility.testing.draw import InvalidArgument, st
from eligibility.testing.draw.definitions import Inventor, time_set
from eligibility.testing.draw.documents import BrokenDocument, broken_document, document
from eligibility.testing.draw.histories import Draft, drawable, free_draft, sizes_of
from eligibility.testing.draw.instants import PRECISIONS, Draws, draws_for, edges_of, landmarks
from eligibility.testing.draw.outcomes import (
    eligible_draft,
    failable,
    inconsistent_draft,
    indeterminate_draft,
    ineligible_draft,
)
from eligibility.testing.draw.refinements import refinement_of, world_of
from eligibility.testing.draw.turning import openings
from eligibility.values.moment import Moment
from eligibility.values.timeline import COURT_ZONE, EARLIEST, LATEST, zone_names
from eligibility.values.timeset import TimeSet
from eligibility.verdict.record import Verdict, evaluate

T = TypeVar("T")
H = TypeVar("H", bound=History)


def histories(
    of: type[History] | ClassDefinition = AccountHistory,
    *,
    min_size: Mapping[str, int] | None = None,
    max_size: Mapping[str, int] | None = None,
) -> st.SearchStrategy[Any]:
    """Histories that some world fits, of a model or of the model that a definition speaks of.

    Args:
        of: a history model, or a definition, around whose edges dates then crowd.
        min_size: how many records a list holds at the least, by the list's name.
        max_size: how many it holds at the most, inclusive; three if not said.
    """
    model, anchors = _spoken_of(of)
    sizes = sizes_of(shape(model), min_size, max_size)
    return _drawn(lambda draws: free_draft(draws, model, sizes).history(model), anchors)


def eligible(definition: ClassDefinition) -> st.SearchStrategy[Any]:
    """Histories of accounts that are in the class in every world."""
    return _outcome(_exact(definition), eligible_draft)


def ineligible(definition: ClassDefinition, because: str | None = None) -> st.SearchStrategy[Any]:
    """Histories of accounts that are in the class in no world.

    Args:
        definition: a class definition in the exact fragment.
        because: the id of a clause that is failed; a reason of the verdict names it, or else a
            clause that says the same of the same facts.
    """
    clauses = list(failable(_exact(definition)))
    if because is not None and because not in clauses:
        raise InvalidArgument(f"{because!r} is no clause that can be failed; those are {clauses}.")
    if definition.record_list is None and not clauses:
        raise InvalidArgument(f"Nobody is out of the class {definition.id!r}.")
    return _outcome(definition, ineligible_draft, because)


def indeterminate(
    definition: ClassDefinition, turning_on: str | None = None
) -> st.SearchStrategy[Any]:
    """Histories of accounts that are in the class in some worlds and not in others.

    Args:
        definition: a class definition in the exact fragment.
        turning_on: a fact that two such worlds differ in alone: `messages.shared_at`,
            `complete.premium`, `exclusions.counsel`.
    """
    facts = list(openings(_exact(definition)))
    path = None if turning_on is None else turning_on.replace("[]", "")
    if (path is not None and path not in facts) or not facts:
        raise InvalidArgument(f"The outcome turns on no fact {turning_on!r}; it can on {facts}.")
    return _outcome(definition, indeterminate_draft, path)


def inconsistent(of: type[History] | ClassDefinition = AccountHistory) -> st.SearchStrategy[Any]:
    """Histories that no world fits, such as of something that ended before it began."""
    model, anchors = _spoken_of(of)
    return _drawn(lambda draws: inconsistent_draft(draws, model).history(model), anchors)


def _outcome(
    definition: ClassDefinition, write: Callable[..., Draft], *given: Any
) -> st.SearchStrategy[Any]:
    def written(draws: Draws) -> History:
        return write(draws, definition, *given).history(definition.model)

    return _drawn(written, landmarks(definition))


@st.composite
def _drawn(draw: st.DrawFn, write: Callable[[Draws], T], anchors: Iterable[int]) -> T:
    """What is written in a zone that is drawn, with dates around anchors."""
    return write(draws_for(draw, anchors))


def _spoken_of(of: type[History] | ClassDefinition) -> tuple[type[History], tuple[int, ...]]:
    if isinstance(of, ClassDefinition):
        return drawable(of.model), landmarks(of)
    return drawable(of), ()


def _is_definition(definition: ClassDefinition) -> ClassDefinition:
    if not isinstance(definition, ClassDefinition):
        raise InvalidArgument(f"A class definition is needed, not {definition!r}.")
    drawable(definition.model)
    return definition


def _exact(definition: ClassDefinition) -> ClassDefinition:
    if not _is_definition(definition).exact:
        raise InvalidArgument(
            f"{definition.id!r} lies outside the fragment in which evaluation is exact: draw "
            "`histories(definition)` and read its verdict."
        )
    return definition


# ---- histories that know more ----


def worlds(
    history: H, definition: ClassDefinition | None = None, *, supposing: Supposition | None = None
) -> st.SearchStrategy[H]:
    """Worlds of a history: refinements in which nothing is open.

    A record that nobody listed fails each statement about its list.

    Args:
        history: a consistent history.
        definition: around whose edges dates are to crowd, beside the history's own bounds.
        supposing: what is supposed: only worlds that agree with it are drawn, as far as what the
            records say does. It is taken under the definition's reading.
    """
    return _knowing(history, definition, supposing, world_of)


def refinements(
    history: H, definition: ClassDefinition | None = None, *, supposing: Supposition | None = None
) -> st.SearchStrategy[H]:
    """Histories that know a little more than a consistent one, or as much.

    Args:
        history: a consistent history.
        definition: around whose edges dates are to crowd, beside the history's own bounds.
        supposing: what is supposed: some world that agrees with it stays possible.
    """
    return _knowing(history, definition, supposing, refinement_of)


@st.composite
def _knowing(
    draw: st.DrawFn,
    history: H,
    definition: ClassDefinition | None,
    supposing: Supposition | None,
    write: Callable[[Draws, H, Supposition | None], H],
) -> H:
    anchors = landmarks(definition) if definition else ()
    if supposing is not None:
        supposing = supposing.under(definition.reading if definition else {})
        anchors = (*anchors, supposing.before)
    draws = draws_for(draw, (*anchors, *edges_of(history)), history.time_zone)
    return write(draws, history, supposing)


# ---- what histories are made of, and judged by ----


def moments(
    min_value: Moment | None = None,
    max_value: Moment | None = None,
    *,
    precisions: Collection[str] = PRECISIONS,
    zone: str = COURT_ZONE,
) -> st.SearchStrategy[Moment]:
    """Moments, all of whose instants lie within bounds, both inclusive.

    Args:
        min_value: all instants lie at its earliest or later.
        max_value: all instants lie at its latest or earlier.
        precisions: which of `PRECISIONS` to write them in. Where none of these fits the bounds, a
            finer one is taken, down to the instant.
        zone: the zone in which dates are read.
    """
    first = min_value.earliest if min_value else EARLIEST
    last = max_value.latest if max_value else LATEST
    if first > last:
        raise InvalidArgument(f"No moment lies from {min_value!r} to {max_value!r}.")
    if not precisions or zone not in zone_names():
        raise InvalidArgument("A moment needs one precision at least, and a zone that there is.")
    for word in precisions:
        if word not in PRECISIONS:
            raise InvalidArgument(f"{word!r} is no precision; those are {list(PRECISIONS)}.")
    allowed = tuple(word for word in PRECISIONS if word in precisions)
    return _moments(TimeSet.of((first, last)), allowed, zone)


@st.composite
def _moments(draw: st.DrawFn, times: TimeSet, precisions: tuple[str, ...], zone: str) -> Moment:
    draws = Draws(draw, zone, times.spans[0])
    return draws.written(draws.instant(times), draws.choose(precisions), times.covers)


def time_sets() -> st.SearchStrategy[TimeSet]:
    """Sets of instants: none, all, or a few spans that touch, overlap or lie apart."""
    return _drawn_with(time_set)


@st.composite
def _drawn_with(draw: st.DrawFn, write: Callable[[Draws], T]) -> T:
    return write(Draws(draw, COURT_ZONE, ()))


def readings() -> st.SearchStrategy[Reading]:
    """Readings of De La Torre v. LinkedIn; they shrink to the default one."""
    return st.sampled_from(list(every_reading()))


def definitions(
    model: type[History] = AccountHistory, *, exact: bool | None = None
) -> st.SearchStrategy[ClassDefinition]:
    """Class definitions over a history model, each with a class that some account is in.

    Args:
        model: what the definitions speak of.
        exact: True for those in the exact fragment only; None for any.

    Raises:
        InvalidArgument: `exact=False`; whether a definition is exact is asked of it.
    """
    if exact is False:
        raise InvalidArgument("Definitions outside the exact fragment alone are not drawn.")
    return _drawn_with(lambda draws: Inventor(draws, model, bool(exact)).definition())


def verdicts(definition: ClassDefinition | None = None) -> st.SearchStrategy[Verdict]:
    """Verdicts of every status, under one definition or under any reading of De La Torre."""
    if definition is not None:
        return _verdicts(_is_definition(definition))
    return readings().flatmap(lambda reading: _verdicts(class_definition(reading)))


def _verdicts(definition: ClassDefinition) -> st.SearchStrategy[Verdict]:
    kinds = (histories, indeterminate, eligible, ineligible) if definition.exact else (histories,)
    drawn = st.one_of(*(kind(definition) for kind in kinds))
    return drawn.map(lambda history: evaluate(history, definition))


# ---- JSON texts, for intake code ----


def documents(of: type[History] | ClassDefinition = AccountHistory) -> st.SearchStrategy[str]:
    """Valid histories as JSON text, keys in any order, what is unknown left out or null."""
    model, anchors = _spoken_of(of)
    return _drawn(lambda draws: document(draws, free_draft(draws, model, {}), model), anchors)


def broken_documents(
    of: type[History] | ClassDefinition = AccountHistory,
) -> st.SearchStrategy[BrokenDocument]:
    """Texts that are a valid history but for one thing, each with the code that it must get."""
    model, _ = _spoken_of(of)
    return _drawn_with(lambda draws: broken_document(draws, model))
