"""Histories and definitions on which the compiled twin is held to the reference, endlessly many."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

import oracle
from attrs import define, field
from oracle_histories import random_history as of_the_case
from oracle_histories import rich_history
from small_case import Club
from small_worlds import BOUNDS, instant
from small_worlds import random_history as small_history
from workshop import Workshop, all_mended

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    History,
    InconsistentHistory,
    Moment,
    MomentField,
    Record,
    Span,
    Supposition,
    YesNo,
)
from eligibility.evaluation.compiled import compiled
from eligibility.evaluation.reference import Surely, clause_truths
from eligibility.facts.rows import rows_of
from eligibility.facts.shape import shape
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.testing.draw.definitions import Inventor
from eligibility.testing.draw.histories import free_draft, sizes_of
from eligibility.testing.draw.instants import Draws, landmarks, nearest
from eligibility.values.timeline import DAY
from eligibility.values.timeset import TimeSet
from eligibility.verdict.record import facts_under

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "second_case"))
from flo import FloHistory, flo_class

T = TypeVar("T")


class Parcel(Record):
    """Packed, then sent, and perhaps it arrived after that."""

    order: ClassVar = (("packed", "sent"), ("sent", "arrived"))
    exists_if: ClassVar[Mapping[str, str]] = {"arrived": "has_arrived"}

    size: Literal["small", "large"] | None = None
    has_arrived: YesNo = None
    packed: MomentField = None
    sent: MomentField = None
    arrived: MomentField = None


class Post(History):
    """Three moments in a row, and a yes/no fact of the account that is in no group."""

    parcels: tuple[Parcel, ...] = ()
    strikes: tuple[Span, ...] = ()
    insured: YesNo = None


#: How many histories are drawn for one definition.
FOR_EACH = 25


def all_arrived(before: int) -> Supposition:
    """Every parcel that was packed before an instant arrived by then, unless it was large."""
    return Supposition(
        "all-arrived",
        "Whatever was packed arrived",
        Citation("The post office, a fiction"),
        list="parcels",
        unless=("size", "large"),
        when="packed",
        before=before,
        fact="has_arrived",
        then="arrived",
    )


class Group(NamedTuple):
    """One definition, what is supposed, and histories of it."""

    definition: ClassDefinition
    supposing: Supposition | None
    histories: list[History]


@define
class _RandomDraws(Draws):
    """Draws without Hypothesis, near the instants of small histories."""

    rng: Random = field(kw_only=True)

    def choose(self, options: Sequence[T]) -> T:
        return self.rng.choice(options)

    def flip(self) -> bool:
        return self.rng.random() < 0.5

    def rarely(self, one_in: int) -> bool:
        return self.rng.randrange(one_in) == 0

    def instant(self, within: TimeSet = TimeSet.ALL) -> int:
        return nearest(within, self.rng.choice(self.anchors) + self.rng.choice([0, 0, 0, 1, -DAY]))


def groups(rng: Random) -> Iterator[Group]:
    """Every reading of the case with and without its supposition, in turn with other cases."""
    readings = list(oracle.READINGS)
    rng.shuffle(readings)
    for count, reading in enumerate(cycle(readings)):
        so = AS_ALLEGED if (count + count // len(readings)) % 2 else None
        rich = (rich_history(rng, reading["update_day"]) for _ in range(5))
        plain = (of_the_case(rng) for _ in range(FOR_EACH - 5))
        histories = [AccountHistory.model_validate(each) for each in (*plain, *rich)]
        yield Group(class_definition(Reading.of(**reading)), so, histories)
        yield drawn(rng, rng.choice([AccountHistory, Club, Workshop, Post, FloHistory]))
        if count % 16 == 0:
            yield Group(flo_class(), None, [*around(rng, flo_class())])


def _draws(rng: Random, anchors: Sequence[int]) -> Draws:
    return _RandomDraws(lambda _: "A-1", "UTC", [*anchors] * 10, rng=rng)


def around(rng: Random, definition: ClassDefinition, count: int = FOR_EACH) -> Iterator[History]:
    """Histories about the edges of a definition's time sets."""
    sizes = sizes_of(shape(definition.model), None, None)
    for _ in range(count):
        draws = _draws(rng, landmarks(definition))
        yield _plain(rng, free_draft(draws, definition.model, sizes).history(definition.model))


def jointly(rng: Random) -> History:
    """Visits of a club, each at one instant, and memberships that surely cover none of them."""
    made = []
    for _ in range(rng.randrange(1, 3)):
        first, last = sorted(rng.choices(BOUNDS, k=2))
        start, end = (Moment.at(instant(place)).text for place in (last, first))
        made.append({"start": f"../{start}", "end": f"{end}/..", "level": "gold"})
    at = [Moment.at(instant(rng.choice(BOUNDS))).text for _ in range(rng.randrange(4))]
    visits = [{"came": each, "paid": True, "kind": "short"} for each in at]
    complete = ["visits", "members", "bans"]
    about = {"adult": True, "resident": True}
    return Club(account_id="J-1", members=made, visits=visits, complete=complete, about=about)


def posted(rng: Random) -> History:
    """Small parcels, each packed at one instant; when they were sent follows from what is known."""
    parcels = [
        {
            "size": "small",
            "packed": Moment.at(instant(rng.choice(BOUNDS))).text,
            "sent": rng.choice([None, None, f"{Moment.at(instant(1)).text}/.."]),
            "has_arrived": rng.choice([None, True, True, False]),
            "arrived": rng.choice([None, None, None, f"{Moment.at(instant(3)).text}/.."]),
        }
        for _ in range(rng.randrange(3))
    ]
    complete = ["parcels", "strikes"]
    return Post(account_id="P-1", parcels=parcels, insured=True, complete=complete)


def drawn(rng: Random, model: Any) -> Group:
    """A definition that was drawn, nearly always in the exact fragment."""
    draws = _draws(rng, [instant(place) for place in BOUNDS])
    definition = Inventor(draws, model, rng.random() < 0.95).definition()
    so = None
    if model is Workshop and rng.random() < 0.5:
        closed = rng.choice([(), ("warranties",), ("repairs", "recalls")])
        so = all_mended(instant(rng.choice(BOUNDS)), closed)
    if model is Post and rng.random() < 0.5:
        so = all_arrived(instant(rng.choice(BOUNDS)))
    if model is FloHistory or rng.random() < 0.2:
        return Group(definition, so, [*around(rng, definition)])
    histories = [small(rng, model) for _ in range(FOR_EACH)]
    special = {Club: jointly, Post: posted}.get(model)
    return Group(definition, so, histories + [special(rng) for _ in range(5) if special])


def small(rng: Random, model: Any) -> History:
    """A small history, seldom one that contradicts itself."""
    for _ in range(rng.choice([1, 8, 8, 8])):
        made = small_history(rng, model, most=3, clarity=rng.choice([0.6, 0.9, 1]))
        if rows_of(model)(made) is not None:
            break
    return _plain(rng, made)


def _plain(rng: Random, made: History) -> History:
    """The history, mostly without statements that have conditions."""
    if rng.random() < 0.1:
        return made
    names = tuple(each for each in made.complete if isinstance(each, str))
    return made.model_copy(update={"complete": names})


def by_the_law(
    history: History, definition: ClassDefinition, so: Supposition | None
) -> tuple[int, int, int | None] | None:
    """How many clauses are met together by the reference; None: the history has no world.

    And the place of the first record that surely meets all of them, if one does by itself.
    """
    try:
        facts = facts_under(definition, history, so)
    except InconsistentHistory:
        return None
    truths, view = clause_truths(facts, definition), Surely(facts, definition)
    ways = [each for each in definition.normal_form.disjuncts if view.account(each)]
    tests = [(each, view.times(each)) for each in ways if each.needs_record]
    met = (at for at, each in enumerate(view.records) if any(view.meets(each, *t) for t in tests))
    surely, possibly = sum(each.surely for each in truths), sum(each.possibly for each in truths)
    return surely, possibly, next(met, None)


def differing(group: Group) -> tuple[list[tuple[History, Any, Any]], int]:
    """The histories on which twin and reference differ, and how many the twin hands on."""
    twin, found, handed_on = compiled(group.definition, group.supposing), [], 0
    for history in group.histories:
        ours = twin(history)
        if ours is None:
            handed_on += 1
        elif ours != (law := by_the_law(history, group.definition, group.supposing)):
            found.append((history, ours, law))
    return found, handed_on
