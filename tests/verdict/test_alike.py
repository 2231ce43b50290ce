"""Records that fare alike: nothing is moved beside an edge, where more may have to fit in."""

from eligibility.verdict.alike import Alike

EDGE = 1_000_000
ALIKE = Alike(frozenset({"came"}), (EDGE,), ())


def test_what_lies_beside_an_edge_has_no_room_on_its_side_of_it() -> None:
    for at in (EDGE - 2, EDGE, EDGE + 2):
        assert not ALIKE.is_between(at, at)
        assert ALIKE.roomy_key({"came": (at, at)}) is None
    assert not ALIKE.is_between(EDGE - 1_000, EDGE - 2)
    assert not ALIKE.is_between(EDGE + 2, EDGE + 1_000)
    assert ALIKE.is_between(EDGE + 100, EDGE + 1_000)


def test_with_room_all_that_is_known_as_exactly_between_the_same_edges_is_alike() -> None:
    near, far = {"came": (EDGE + 100, EDGE + 200)}, {"came": (EDGE + 900, EDGE + 1_000)}
    assert ALIKE.roomy_key(near) == ALIKE.roomy_key(far) is not None
    assert ALIKE.roomy_key({"came": (EDGE + 900, EDGE + 901)}) != ALIKE.roomy_key(far)
    assert ALIKE.roomy_key({"came": (100, 200)}) != ALIKE.roomy_key(far)
