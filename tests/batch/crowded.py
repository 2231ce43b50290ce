"""Histories of any model whose moments crowd on a few microseconds around a definition's edges.

So bounds meet, touch and cross all the time, in every list; some of the histories no world fits.
"""

from random import Random
from typing import Any

from eligibility import ClassDefinition, History
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw.instants import landmarks
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

#: Where a definition has no edges, moments crowd here.
SOMEWHERE = 1_600_000_000_000_000
_REACH = 3


def crowded(definition: ClassDefinition, count: int, seed: object) -> list[History]:
    """So many histories, the same ones for each seed."""
    rng = Random(str(seed))
    edges = [at for at in landmarks(definition) if EARLIEST + 9 < at < LATEST - 9] or [SOMEWHERE]
    return [_Crowd(rng, edges).history(definition.model) for _ in range(count)]


class _Crowd:
    """Makes one history. `clear` is how much of it is known."""

    def __init__(self, rng: Random, edges: list[int]) -> None:
        self.rng, self.clear = rng, rng.choice([0.3, 0.6, 0.9, 1.0])
        around = rng.sample(edges, min(len(edges), rng.choice([1, 1, 2])))
        self.axis = sorted({at + step for at in around for step in range(-_REACH, _REACH + 1)})

    def yes(self, chance: float) -> bool:
        return self.rng.random() < chance

    def history(self, model: type[History]) -> History:
        seen = shape(model)
        data: dict[str, Any] = {"account_id": "FICTIONAL", "time_zone": "UTC"}
        data["complete"] = [name for name in seen.lists if self.yes(0.75)]
        for path in seen.yes_no:
            group, _, key = path.partition(".")
            if self.yes(self.clear):
                answers = data.setdefault(group, {}) if key else data
                answers[key or group] = self.yes(0.5)
        for name, list_shape in seen.lists.items():
            size = self.rng.choice([0, 1, 1, 2, 2, 3])
            data[name] = [self.record(list_shape) for _ in range(size)]
        return model.model_validate(data)

    def record(self, list_shape: ListShape) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for name in list_shape.yes_no:
            if self.yes(max(self.clear, 0.5)):
                record[name] = self.yes(0.8)
        for name, words in list_shape.vocabulary.items():
            if self.yes(max(self.clear, 0.5)):
                record[name] = self.rng.choice(words[:3])
        for name, moment in self.moments(list_shape).items():
            existence_condition = list_shape.record.exists_if.get(name, "")
            if moment is not None and record.get(existence_condition) is not False:
                record[name] = moment
        if list_shape.is_spans and self.yes(0.15):
            record["end"] = ".."
        return record

    def moments(self, list_shape: ListShape) -> dict[str, Moment | None]:
        moments = {name: self.moment() for name in list_shape.moments}
        if self.yes(0.8):  # in their order, mostly
            for first, then in list_shape.record.order:
                one, two = moments[first], moments[then]
                if one is not None and two is not None and one.earliest > two.latest:
                    moments[first], moments[then] = two, one
        return moments

    def moment(self) -> Moment | None:
        """Known to the microsecond, or nearly, or by bounds, or from one side, or not at all."""
        first, last = sorted(self.rng.choices(self.axis, k=2))
        if self.yes(self.clear):
            later = [at for at in self.axis if at > first]
            last = later[0] if later and self.yes(0.3) else first
        elif self.yes(0.3):
            return None
        elif self.yes(0.5):
            first, last = self.rng.choice([(EARLIEST, last), (first, LATEST)])
        return Moment.between(first, last, "UTC")
