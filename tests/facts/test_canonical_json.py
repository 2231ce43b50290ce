"""Canonical JSON is what RFC 8785 says, whoever writes it."""

import random
from typing import Any

import pytest
import rfc8785

from eligibility.facts.read import canonical_json

ODD = [
    *map(chr, range(0x80)),
    *"é\u2028\u2029\ue000\uffff\U00010000\U0001f600",
    "\\u0041",
    '"',
    "</script>",
    "",
]


@pytest.mark.parametrize("as_key", [False, True])
def test_every_text_is_written_alike(as_key: bool) -> None:
    for text in ODD:
        data = {text: None, "a": True} if as_key else [text, {"a": text}]
        assert canonical_json(data) == rfc8785.dumps(data)


def test_keys_are_ordered_by_code_units() -> None:
    """Of these two the standard library would put the other one first."""
    data = {"\U0001f600": 1, "\ue000": None, "b": [{}], "a": []}
    assert canonical_json(data) == rfc8785.dumps(data)


@pytest.mark.parametrize("number", [0, -0.0, 1e21, 1e-7, 0.1, 5e-324, 2**53 - 1, True])
def test_numbers_are_those_of_the_rfc(number: float) -> None:
    assert canonical_json({"n": [number]}) == rfc8785.dumps({"n": [number]})


def test_drawn_data_is_written_alike() -> None:
    rng = random.Random(5)

    def drawn(levels: int) -> Any:
        kind = rng.randrange(7 if levels else 5)
        if kind > 4:
            several = [drawn(levels - 1) for _ in range(rng.randrange(4))]
            return several if kind == 5 else {rng.choice(ODD): each for each in several}
        return [None, True, False, rng.choice(ODD), "".join(rng.sample(ODD, 5))][kind]

    for _ in range(2_000):
        data = drawn(3)
        assert canonical_json(data) == rfc8785.dumps(data)


def test_half_a_character_is_refused_as_ever() -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json({"a": "\ud800"})
