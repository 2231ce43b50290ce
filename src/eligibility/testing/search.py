"""Histories of every outcome and those beside them, and the smallest draw that shows something."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypeVar

from eligibility.audit import worlds
from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import fact_path
from eligibility.facts.refinement import forget
from eligibility.facts.shape import shape
from eligibility.facts.supposition import OfList, Supposition
from eligibility.testing.draw import st
from eligibility.testing.known import stated
from eligibility.testing.strategies import (
    eligible,
    histories,
    indeterminate,
    ineligible,
    refinements,
)
from eligibility.verdict.record import evaluate

if TYPE_CHECKING:
    from hypothesis import settings

H = TypeVar("H", bound=History)
T = TypeVar("T")


def outcomes(of: type[History] | ClassDefinition) -> "tuple[st.SearchStrategy[Any], ...]":
    """Consistent histories, the simplest first, and those of each status of an exact definition."""
    if not isinstance(of, ClassDefinition) or not of.exact:
        return (histories(of),)
    return (histories(of), eligible(of), ineligible(of), indeterminate(of))


@st.composite
def agreeing(draw: "st.DrawFn", histories: "st.SearchStrategy[H]", supposing: Supposition) -> H:
    """Histories that agree with a supposition, and often do not say what it supposes."""
    history = draw(histories)
    contradicting, name = contradictions(history, supposing), supposing.list
    return forget(
        history,
        [
            fact_path(name, at, key)
            for at in range(len(getattr(history, name)))
            for key in (supposing.fact, supposing.then)
            if draw(st.booleans()) or at in contradicting
        ],
    )


def contradictions(history: History, supposing: Supposition) -> set[int]:
    """The places of the records that contradict a supposition by what they say."""
    list_shape = shape(type(history)).lists[supposing.list]
    so = OfList(supposing, supposing.list)
    return {
        record.index
        for record in normalise(history).lists[supposing.list]
        if not any(True for box in record.boxes for _ in so.boxes(box, list_shape))
    }


def agrees(world: History, supposing: Supposition, but: Collection[int] = ()) -> bool:
    """Whether every record of a world is as it is supposed, but for some by their places."""
    return all(
        at in but or worlds.agrees(record, supposing)
        for at, record in enumerate(getattr(world, supposing.list))
    )


@st.composite
def finer(
    draw: "st.DrawFn",
    history: H,
    of: type[History] | ClassDefinition,
    supposing: Supposition | None = None,
) -> H:
    """The history with more known, often on its way to being decided."""
    if not isinstance(of, ClassDefinition):
        return draw(refinements(history))
    known: list[Any] = [history]  # the first: what is found shrinks to it
    witnesses = evaluate(history, of, supposing=supposing).scenarios if of.exact else None
    if witnesses is not None:
        known += [witnesses.eligible_if, witnesses.ineligible_if]
    one: H = draw(st.sampled_from(known))
    return draw(refinements(one, of, supposing=supposing))


@st.composite
def shuffles(draw: "st.DrawFn", history: H) -> H:
    """The history, with the records of each list in another order."""
    lists = {name: getattr(history, name) for name in shape(type(history)).lists}
    return history.model_copy(
        update={name: tuple(draw(st.permutations(records))) for name, records in lists.items()}
    )


@st.composite
def remnants(draw: "st.DrawFn", history: H) -> H:
    """What is left of the history when some facts are forgotten."""
    return forget(history, [path for path in stated(history) if draw(st.booleans())])


def smallest(
    findings: "st.SearchStrategy[T | None]",
    settings: "settings | None",
    key: str,
    *,
    shrink: bool = True,
) -> T | None:
    """The smallest finding that is not None, or the first; None if none turned up.

    Without settings, those of the active Hypothesis profile hold; a deadline never does. `key`
    names the search in Hypothesis's example database, which is tried first the next time.
    """
    import hypothesis  # noqa: PLC0415 - `draw` says so first where it is missing

    kept = hypothesis.settings() if settings is None else settings
    left_out = {hypothesis.Phase.explain} | (set() if shrink else {hypothesis.Phase.shrink})
    phases = [phase for phase in kept.phases if phase not in left_out]
    search = hypothesis.settings(kept, deadline=None, phases=phases)
    try:
        return hypothesis.find(
            findings,
            lambda finding: finding is not None,
            settings=search,
            database_key=key.encode(),
        )
    except hypothesis.errors.NoSuchExample:
        return None
