"""What is known of a history, as later stations read it: records, what is stated, yes/no facts.

`normalise` makes it of a history, in which all that follows is filled in.
"""

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from eligibility.facts.boxes import Bounds, Box, Said, Values, hull, largest
from eligibility.facts.paths import complete_path
from eligibility.facts.records import HistoryFields
from eligibility.facts.shape import ListShape, Shape
from eligibility.facts.statements import unlisted_boxes
from eligibility.immutable import FrozenDict, freeze, unchecked

#: The conditions of the statement that a list holds every record there is.
EVERY: Said = FrozenDict()
#: What is stated of a list of which nothing is.
NOTHING_STATED: Final[Mapping[str, Said]] = FrozenDict()


@frozen
class KnownRecord:
    """One record, normalised.

    `said` holds the known facts as they were given: sets of values, and bounds for moments. What
    follows from them and from what is supposed is any of the `boxes`; `values` and `bounds` are
    those of the smallest box around them.
    """

    index: int
    said: Said
    boxes: tuple[Box, ...]

    @cached_property
    def _hull(self) -> Box:
        return hull(self.boxes)

    @property
    def values(self) -> Mapping[str, Values]:
        """The values that each yes/no fact and word may have."""
        boxes = self.boxes  # most have one: past what is found only when it is asked for
        return boxes[0].values if len(boxes) == 1 else self._hull.values

    @property
    def bounds(self) -> Mapping[str, Bounds]:
        """Wherever each moment may lie, if it exists."""
        boxes = self.boxes
        return boxes[0].bounds if len(boxes) == 1 else self._hull.bounds

    @property
    def is_crossing(self) -> bool:
        """Of a span: whether it surely covers no single instant, though it covers some."""
        return self.bounds["start"][1] > self.bounds["end"][0]


#: A record of what never changes: histories have tens of thousands of them.
new_record: Final = unchecked(KnownRecord)


@frozen
class KnownHistory:
    """A history, normalised: its records by list, what is stated of the lists, the yes/no facts.

    `stated` holds, by path, the conditions of every statement about a list, none for all of the
    list; `unlisted` what a record may be that nobody listed: nothing, if the list is complete.
    """

    shape: Shape
    lists: Mapping[str, tuple[KnownRecord, ...]] = field(converter=freeze)
    stated: Mapping[str, Mapping[str, Said]] = field(converter=freeze)
    unlisted: Mapping[str, tuple[Box, ...]] = field(converter=freeze)
    answers: Mapping[str, bool | None] = field(converter=freeze)

    @cached_property
    def _kept(self) -> dict[str, dict[Any, Any]]:
        return {name: {} for name in (*self.lists, "")}

    def kept(self, name: str = "") -> dict[Any, Any]:
        """What a later station has found of one list by itself, or of all, to be used again."""
        return self._kept[name]

    @cached_property
    def open(self) -> frozenset[str]:
        """The lists that may lack records."""
        return frozenset([name for name, boxes in self.unlisted.items() if boxes])

    def with_record(self, name: str, record: KnownRecord) -> "KnownHistory":
        """These facts, with one record of a list known differently."""
        records = self.lists[name]
        at = record.index
        return self.with_list(name, (*records[:at], record, *records[at + 1 :]))

    def with_list(
        self,
        name: str,
        records: tuple[KnownRecord, ...],
        stated: Mapping[str, Said] | None = None,
    ) -> "KnownHistory":
        """These facts, with the records of one list known differently, and what is stated of it."""
        lists, all_stated, unlisted = self.lists, self.stated, self.unlisted
        if records is not lists[name]:
            lists = FrozenDict({**lists, name: records})
        if stated is not None:
            boxes = unlisted_of(self.shape.lists[name], stated.values())
            all_stated = FrozenDict({**all_stated, name: freeze(stated)})
            unlisted = FrozenDict({**unlisted, name: boxes})
        made = new_history(self.shape, lists, all_stated, unlisted, self.answers)
        object.__setattr__(made, "_kept", {**self._kept, name: {}, "": {}})
        return made

    def with_list_of(self, name: str, other: "KnownHistory") -> "KnownHistory":
        """These facts, with one list as others know it, and what was found of that.

        Both lack the same records of it.
        """
        made = self.with_list(name, other.lists[name])
        object.__setattr__(made, "_kept", {**self._kept, name: other.kept(name), "": {}})
        return made

    def stating(self, name: str, stated: Mapping[str, Said]) -> "KnownHistory":
        """These facts, with other statements about a list."""
        return self.with_list(name, self.lists[name], stated)

    def answering(self, answers: Mapping[str, bool | None]) -> "KnownHistory":
        """These facts, with other answers of the account; what was found of a list stays so."""
        known = FrozenDict({**self.answers, **answers})
        made = new_history(self.shape, self.lists, self.stated, self.unlisted, known)
        object.__setattr__(made, "_kept", {**self._kept, "": {}})
        return made

    def listing_all(self, *names: str) -> "KnownHistory":
        """These facts, as if some lists held all there is, whatever is stated of them."""
        unlisted = FrozenDict({**self.unlisted, **dict.fromkeys(names, ())})
        made = new_history(self.shape, self.lists, self.stated, unlisted, self.answers)
        object.__setattr__(made, "_kept", {**self._kept, **{name: {} for name in (*names, "")}})
        return made

    def complete(self, name: str) -> "KnownHistory":
        """These facts, the list being known to hold all there is."""
        return self.stating(name, {complete_path(name): EVERY})


#: Of mappings that never change.
new_history: Final = unchecked(KnownHistory)
#: A history, and its facts.
Known: TypeAlias = tuple[HistoryFields, KnownHistory]


def unlisted_of(list_shape: ListShape, stated: Collection[Said]) -> tuple[Box, ...]:
    """What a record may be that nobody listed; nothing, if the list holds all there is."""
    supposed = list_shape.supposed
    if EVERY in stated or (supposed and supposed.is_complete):
        return ()
    return _unlisted_of(list_shape, tuple(stated))


@lru_cache(maxsize=1024)
def _unlisted_of(list_shape: ListShape, stated: tuple[Said, ...]) -> tuple[Box, ...]:
    supposed = list_shape.supposed
    boxes = unlisted_boxes(list_shape, stated)
    if boxes is None:  # no history that was validated: then what is stated says nothing
        boxes = unlisted_boxes(list_shape, ()) or ()
    if supposed:
        boxes = largest(left for box in boxes for left in supposed.boxes(box, list_shape))
    return boxes
