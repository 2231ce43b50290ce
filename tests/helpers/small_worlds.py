"""Every world of a small history, of any model, by two-valued logic (`audit.worlds`).

All moments lie on a short axis of microseconds, each of which is tried; two places lie beyond all
bounds on either side, for of two moments there, one may come first. What nobody listed is either
nothing, or everything that statements and the supposition leave: in the exact fragment more records
of a list only help, or only harm, so no world lies outside what these two have.
"""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from eligibility import ClassDefinition, History, Record, Supposition
from eligibility.audit.worlds import agrees, clauses_met, meets
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import write_instant

START = 1_600_000_000_000_000
BOUNDS = range(4)
AXIS = [START + at for at in range(BOUNDS[0] - 2, BOUNDS[-1] + 3)]
MOMENTS = {at: Moment.at(at) for at in AXIS}


def instant(place: int) -> int:
    return START + place


# ---- worlds ------------------------------------------------------------------------------------


def ways(list_shape: ListShape, known: Record) -> Iterator[Record]:
    """Every record of a world that a record may be."""
    condition, exists_if = list_shape.existence_condition, list_shape.record.exists_if
    values = [_values(list_shape, known, name) for name in list_shape.values]
    for chosen in product(*values):
        facts = dict(zip(list_shape.values, chosen, strict=True))
        names = [m for m in list_shape.moments if condition is None or _exists(m, facts, exists_if)]
        for places in product(*(axis_of(getattr(known, name)) for name in names)):
            at = dict(zip(names, places, strict=True))
            if all(at[a] <= at[b] for a, b in list_shape.record.order if {a, b} <= at.keys()):
                made: Any = list_shape.record.model_construct
                yield made(**facts, **{name: MOMENTS[place] for name, place in at.items()})


def _exists(moment: str, facts: dict[str, Any], exists_if: Any) -> bool:
    return moment not in exists_if or facts[exists_if[moment]] is True


def _values(list_shape: ListShape, known: Record, name: str) -> tuple[Any, ...]:
    value = getattr(known, name)
    if value is None:
        return tuple(list_shape.options[name])
    return value if isinstance(value, tuple) else (value,)


def axis_of(known: Moment | None) -> list[int]:
    """Every instant of the axis that a moment may be."""
    return AXIS if known is None else [at for at in AXIS if known.earliest <= at <= known.latest]


class Worlds:
    """The worlds of a history; `records` is what each listed record may be."""

    def __init__(self, history: History, supposition: Supposition | None) -> None:
        self.history, self.lists = history, shape(type(history)).lists
        self.records: dict[str, list[list[Record]]] = {}
        self.unlisted: dict[str, tuple[Record, ...]] = {}
        for name, list_shape in self.lists.items():
            so = supposition if supposition and supposition.list == name else None
            self.records[name] = [
                as_supposed(list(ways(list_shape, record)), so) for record in getattr(history, name)
            ]
            closed = name in history.complete or (supposition and name in supposition.complete)
            left = [] if closed else list(self.left(name, so))
            self.unlisted[name] = tuple(longest(left) if list_shape.is_spans else left)

    def left(self, name: str, so: Supposition | None) -> Iterator[Record]:
        """Every record that a list may lack."""
        stated = [
            each.where
            for each in self.history.complete
            if isinstance(each, CompletenessStatement) and each.list == name
        ]
        for way in ways(self.lists[name], self.lists[name].record.model_construct()):
            if not any(meets(way, where) for where in stated) and (so is None or agrees(way, so)):
                yield way

    @property
    def count(self) -> int:
        """How many ways the listed records may be in, together."""
        total = 1
        for record in (each for of_list in self.records.values() for each in of_list):
            total *= len(record)
        return total

    def __iter__(self) -> Iterator[History]:
        names = list(self.lists)
        flags = list(shape(type(self.history)).yes_no)
        groups = dict.fromkeys(path.partition(".")[0] for path in flags if "." in path)
        known = [self._answers(path) for path in flags]
        listed = [list(product(*self.records[name])) for name in names]
        more = [[(), self.unlisted[n]] if self.unlisted[n] else [()] for n in names]
        for records in product(*listed):
            for extra in product(*more):
                lists = {n: (*r, *x) for n, r, x in zip(names, records, extra, strict=True)}
                for answers in product(*known):
                    own: dict[str, bool] = {}
                    so: dict[str, dict[str, bool]] = {group: {} for group in groups}
                    for path, answer in zip(flags, answers, strict=True):
                        group, _, name = path.rpartition(".")
                        (so[group] if group else own)[name] = answer
                    facts = {g: type(getattr(self.history, g)).model_construct(**so[g]) for g in so}
                    made = type(self.history).model_construct
                    yield made(account_id="w", **lists, **facts, **own)

    def _answers(self, path: str) -> tuple[bool, ...]:
        group, _, name = path.rpartition(".")
        known = getattr(getattr(self.history, group) if group else self.history, name)
        return (True, False) if known is None else (known,)


def longest(spans: list[Any]) -> Iterator[Any]:
    """Of spans that say the same, those that lie within no other: they cover as much."""
    farthest: dict[Any, int] = {}
    for span in sorted(spans, key=lambda each: (each.start.earliest, -each.end.latest)):
        said = tuple(each for _, each in span if not isinstance(each, Moment))
        if span.end.latest > farthest.get(said, -1):
            farthest[said] = span.end.latest
            yield span


def as_supposed(found: list[Record], so: Supposition | None) -> list[Record]:
    """The ways that agree with what is supposed; all of them, where what is known denies it."""
    return [way for way in found if so is None or agrees(way, so)] or found


def truths(worlds: Worlds, definition: ClassDefinition) -> list[str]:
    """For each clause, whether it is met in every world, in none, or in some."""
    seen: list[set[bool]] = [set() for _ in definition.steps]
    for world in worlds:
        for outcomes, met in zip(seen, clauses_met(world, definition), strict=True):
            outcomes.add(met)
    return ["unknown" if len(each) > 1 else str(True in each).lower() for each in seen]


# ---- histories ---------------------------------------------------------------------------------


def random_history(
    rng: Random, model: type[History], *, most: int = 2, clarity: float = 0.8
) -> History:
    """A small history: some facts known, of lists of words some, statements with conditions."""
    seen = shape(model)
    data: dict[str, Any] = {"account_id": "S-1", "time_zone": "UTC", "complete": []}
    for name, list_shape in seen.lists.items():
        count = rng.randrange(most + 1) if rng.random() < 0.8 else 0
        data[name] = [_record(rng, list_shape, clarity) for _ in range(count)]
        if rng.random() < 0.4:
            data["complete"].append(name)
        for _ in range(rng.choice([0, 1, 1, 2])):
            if where := _where(rng, list_shape):
                data["complete"].append({"list": name, "where": where})
    for path in seen.yes_no:
        group, _, name = path.partition(".")
        known = rng.choice([True, False, False, None])
        data[group] = {**data.get(group, {}), name: known} if name else known
    return model.model_validate(data)


def _record(rng: Random, list_shape: ListShape, clarity: float) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name in list_shape.values:
        if rng.random() < clarity:
            record[name] = _some(rng, list_shape, name)
    for name in list_shape.moments:
        condition = list_shape.record.exists_if.get(name)
        if rng.random() < clarity and record.get(condition or "") is not False:
            record[name] = _bounds(rng)
    return record


def _some(rng: Random, list_shape: ListShape, name: str) -> Any:
    options = list_shape.options[name]
    if name in list_shape.yes_no:
        return rng.random() < 0.75
    return rng.sample(options, 2) if rng.random() < 0.4 else options[rng.randrange(2)]


def _bounds(rng: Random) -> str:
    first = rng.choice(BOUNDS)
    last = min(BOUNDS[-1], first + rng.choice([0, 0, 0, 1, 2]))
    return f"{write_instant(instant(first))}/{write_instant(instant(last))}"


def _where(rng: Random, list_shape: ListShape) -> dict[str, Any]:
    most = len(list_shape.facts)
    names = rng.sample(list_shape.facts, min(most, rng.choice([1, 1, 2, 3])))
    where: dict[str, Any] = {}
    for name in names:
        if name in list_shape.values:
            where[name] = _some(rng, list_shape, name)
        else:
            at = write_instant(instant(rng.choice(BOUNDS)))
            where[name] = rng.choice([f"../{at}", f"{at}/..", _bounds(rng)])
    return where
