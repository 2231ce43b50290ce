"""What one history says more than another of the same account, as sentences, alike together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from attrs import frozen

from eligibility.facts.model import History
from eligibility.facts.normalise import statements_of
from eligibility.facts.paths import value_at
from eligibility.facts.shape import ListShape, shape
from eligibility.facts.wording import Speaker, spoken_of
from eligibility.values.date_words import Dates
from eligibility.values.english import sentence
from eligibility.values.moment import Moment


def change_lines(before: History, after: History, turns: Iterable[int] = ()) -> Iterator[str]:
    """What one history says more than another of the same account, alike changes together.

    `turns` are instants that the verdict turns on. What is known better within one day is said
    only if something else lies on that day: then the times of day are said too.
    """
    changes = _Changes(before, after, Counter([*turns, *_edges(after)]))
    words = Speaker(after)
    for name, list_shape in shape(type(before)).lists.items():
        old, new = getattr(before, name), getattr(after, name)
        for key, found in _changes(list_shape, old, new).items():
            yield from changes.narrowed(name, key, found)
        for index in range(len(old), len(new)):
            yield sentence(changes.added(name, index))
        stated = statements_of(before, name).values()
        for path, where in statements_of(after, name).items():
            if where not in stated:
                yield sentence(words.complete([path]).removesuffix(" (as stated)"))
    for path in shape(type(before)).yes_no:
        if value_at(path, before) != value_at(path, after):
            yield sentence(words.answer(path))


@frozen
class _Changes:
    """Says what became known of records; `edges` counts the instants that something turns on."""

    before: History
    after: History
    edges: Counter[int]

    def narrowed(self, name: str, key: str, found: Sequence[int]) -> Iterator[str]:
        """One fact of several records that is known better now; of many, the first two."""
        old, said = Speaker(self.before), 0
        for index in found[:2]:
            value = getattr(getattr(self.after, name)[index], key)
            subject, words = self._speaker([value]).says(name, index, key)
            was = getattr(getattr(self.before, name)[index], key)
            if was is None or words != old.says(name, index, key)[1]:
                said += 1
                yield sentence(f"{subject or old.called(name, index)} {words}")
        if said and len(found) > 2:
            nouns = spoken_of(name, old.model).nouns
            yield f"  and {len(found) - 2:,} more of the {nouns} likewise"

    def added(self, name: str, index: int) -> str:
        """A record that was not listed before."""
        record, one = getattr(self.after, name)[index], spoken_of(name, type(self.after)).noun
        values = {k: getattr(record, k) for k in shape(type(self.after)).lists[name].facts}
        known = [key for key, value in values.items() if value is not None]
        if not known:
            return f"there is one more {one}, of which nothing is known"
        return self._speaker(values.values()).record(name, index, known, f"one more {one}")

    def _speaker(self, values: Iterable[object]) -> Speaker:
        """Whoever says these moments: with the time of day, if something else is on that day."""
        own = Counter(chain.from_iterable(map(_bounds, values)))
        dates = Dates(self.after.time_zone, self.edges - own)
        return Speaker(self.after, exact=any(map(dates.is_near, own)))


def _bounds(value: object) -> tuple[int, ...]:
    """The instants at which what is known of a moment begins and ends; none of other values."""
    return (value.earliest, value.latest + 1) if isinstance(value, Moment) else ()


def _edges(history: History) -> Iterator[int]:
    """The bounds of every moment of a history."""
    for name, list_shape in shape(type(history)).lists.items():
        for record in getattr(history, name):
            for key in list_shape.moments:
                yield from _bounds(getattr(record, key))


def _changes(
    list_shape: ListShape, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Mapping[str, list[int]]:
    """For each field, the records in which it changed."""
    found: dict[str, list[int]] = {}
    for index, (was, now) in enumerate(zip(old, new, strict=False)):
        if was is not now:
            for key in list_shape.facts:
                if getattr(was, key) != getattr(now, key):
                    found.setdefault(key, []).append(index)
    return found
