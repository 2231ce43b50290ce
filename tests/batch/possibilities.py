"""Histories of which less is said: one of several words, and lists complete under conditions.

From histories of any model; what is drawn is the same for the same seed.
"""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from eligibility import History, Moment
from eligibility.facts.shape import ListShape, shape

_UNSAID = 0.3


def loosened(histories: Iterable[History], seed: object) -> list[History]:
    """The histories, each with some words made several and some lists stated in another way."""
    rng = Random(str(seed))
    return [_loosened(history, rng) for history in histories]


def _loosened(history: History, rng: Random) -> History:
    model = type(history)
    data: dict[str, Any] = history.model_dump(mode="json")
    moments = sorted(set(_instants(history)))
    for name, list_shape in shape(model).lists.items():
        for record in data[name]:
            for field, words in list_shape.vocabulary.items():
                if rng.random() < 1 - _UNSAID:
                    record[field] = _several(record[field], words, rng)
    stated: list[Any] = []
    for name, list_shape in shape(model).lists.items():
        if name in history.complete and rng.random() < 0.5:
            stated.append(name)
        count = rng.choice([0, 0, 1, 1, 2])
        stated += [{"list": name, "where": _where(list_shape, moments, rng)} for _ in range(count)]
    return model.model_validate({**data, "complete": stated})


def _instants(history: History) -> Iterator[int]:
    for name, list_shape in shape(type(history)).lists.items():
        for record in getattr(history, name):
            for field in list_shape.moments:
                at = getattr(record, field)
                if at is not None:
                    yield from (at.earliest, at.latest)


def _several(word: Any, words: tuple[str, ...], rng: Random) -> list[str]:
    some = set(rng.sample(words, rng.randint(1, min(3, len(words)))))
    return sorted(some | ({word} if isinstance(word, str) else set(word or ())))


def _where(list_shape: ListShape, moments: list[int], rng: Random) -> dict[str, Any]:
    where: dict[str, Any] = {}
    for field in list_shape.yes_no:
        if rng.random() < 0.3:
            where[field] = rng.random() < 0.8
    for field, words in list_shape.vocabulary.items():
        if rng.random() < 0.3:
            where[field] = rng.sample(words, rng.randint(1, len(words) - 1))
    for field in list_shape.moments:
        if moments and rng.random() < 0.4:
            first, last = sorted((rng.choice(moments), rng.choice(moments)))
            at = Moment.between(first, last, "UTC").text.partition("/")
            begin, end = at[0], at[2] or at[0]
            where[field] = rng.choice([f"../{end}", f"{begin}/..", f"{begin}/{end}"])
    return where
