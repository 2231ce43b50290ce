from itertools import product

import pytest

from eligibility import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
ALL = (T, F, U)


def test_there_are_three_truths():
    assert (T.surely, T.possibly) == (True, True)
    assert (F.surely, F.possibly) == (False, False)
    assert (U.surely, U.possibly) == (False, True)
    with pytest.raises(ValueError, match="surely so is possibly so"):
        Truth(True, False)


def test_of_reads_a_yes_no_fact():
    assert [Truth.of(value) for value in (True, False, None)] == [T, F, U]


def test_words_and_representation():
    assert [truth.word for truth in ALL] == ["true", "false", "unknown"]
    assert [repr(truth) for truth in ALL] == ["Truth.TRUE", "Truth.FALSE", "Truth.UNKNOWN"]


@pytest.mark.parametrize("truth", ALL)
def test_a_truth_is_not_a_bool_and_says_what_to_ask_instead(truth):
    with pytest.raises(TypeError, match=r"`\.surely`.*`\.possibly`"):
        bool(truth)
    with pytest.raises(TypeError):
        assert not truth


def test_equal_truths_are_one_in_a_set():
    assert len({T, F, U, Truth(True, True), Truth.of(None)}) == 3
    assert Truth(False, True) == U
    assert T != U


def worlds(truth):
    """What the truth may turn out to be."""
    return {True: (True,), False: (False,), None: (True, False)}[
        {"true": True, "false": False, "unknown": None}[truth.word]
    ]


def listed(function, *truths):
    """What follows if the operands know nothing of each other."""
    found = {function(*world) for world in product(*map(worlds, truths))}
    return Truth(found == {True}, True in found)


@pytest.mark.parametrize(("a", "b"), list(product(ALL, ALL)))
def test_connectives_say_what_holds_in_all_worlds(a, b):
    assert a & b == listed(lambda x, y: x and y, a, b)
    assert a | b == listed(lambda x, y: x or y, a, b)
    assert a ^ b == listed(lambda x, y: x != y, a, b)
    assert a.implies(b) == listed(lambda x, y: y or not x, a, b)
    assert ~a == listed(lambda x: not x, a)


@pytest.mark.parametrize("members", [m for size in range(4) for m in product(ALL, repeat=size)])
def test_quantifiers_say_what_holds_in_all_worlds(members):
    assert Truth.some(iter(members)) == listed(lambda *xs: any(xs), *members)
    assert Truth.every(iter(members)) == listed(lambda *xs: all(xs), *members)
    assert Truth.none(iter(members)) == listed(lambda *xs: not any(xs), *members)
