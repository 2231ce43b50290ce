import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import TimeSet
from eligibility.values.timeline import EARLIEST, LATEST

instants = st.integers(-12, 12)
spans = st.lists(st.tuples(instants, instants), max_size=6)
WINDOW = range(-15, 16)


def members(times):
    """The instants of the window that are in a set."""
    return {at for at in WINDOW if at in times}


def stated(pairs):
    return {at for at in WINDOW if any(start <= at <= end for start, end in pairs)}


def is_canonical(times):
    starts_and_ends = [edge for span in times.spans for edge in span]
    return starts_and_ends == sorted(starts_and_ends) and all(
        end + 1 < start for (_, end), (start, _) in zip(times.spans, times.spans[1:], strict=False)
    )


@given(spans)
def test_a_union_of_spans_holds_what_they_hold_in_canonical_form(pairs):
    times = TimeSet.of(*pairs)
    assert members(times) == stated(pairs)
    assert is_canonical(times)
    assert times == TimeSet.union(iter(pairs[::-1]))
    assert hash(times) == hash(TimeSet.of(*pairs[::-1]))
    assert times.is_empty == (not stated(pairs))


@given(spans, spans)
def test_and_or_and_not_are_those_of_sets(pairs, others):
    a, b = TimeSet.of(*pairs), TimeSet.of(*others)
    assert members(a & b) == members(a) & members(b)
    assert members(a | b) == members(a) | members(b)
    assert members(~a) == set(WINDOW) - members(a)
    assert ~~a == a
    assert a & b == b & a == ~(~a | ~b)
    for times in (a & b, a | b, ~a):
        assert is_canonical(times)
    assert (~a).spans[0][0] == EARLIEST
    assert (~a).spans[-1][1] == LATEST


@given(spans, instants, instants)
def test_covers_first_and_last_are_those_of_sets(pairs, earliest, latest):
    times = TimeSet.of(*pairs)
    asked = range(earliest, latest + 1)
    found = members(times).intersection(asked)
    if earliest <= latest:
        assert times.covers(earliest, latest) == (found == set(asked))
    assert times.first(earliest, latest) == min(found, default=None)
    assert times.last(earliest, latest) == max(found, default=None)
    assert (earliest in times) == (earliest in stated(pairs))


@given(spans, instants, instants)
def test_between_is_what_lies_from_one_instant_to_another(pairs, first, last):
    times, (earliest, latest) = TimeSet.of(*pairs), sorted((first, last))
    assert times.between(earliest, latest) == times & TimeSet.of((earliest, latest))


def test_all_and_nothing():
    assert TimeSet.ALL.spans == ((EARLIEST, LATEST),)
    assert TimeSet.EMPTY.spans == ()
    assert ~TimeSet.ALL == TimeSet.EMPTY
    assert ~TimeSet.EMPTY == TimeSet.ALL
    some = TimeSet.of((1, 2))
    assert TimeSet.ALL & some is some
    assert some & TimeSet.ALL is some
    assert some & TimeSet.EMPTY == TimeSet.EMPTY
    assert some | TimeSet.EMPTY == some
    assert TimeSet.EMPTY.is_empty
    assert not some.is_empty


def test_the_complement_reaches_both_ends_of_the_line_or_neither():
    assert ~TimeSet.of((EARLIEST, 0)) == TimeSet.of((1, LATEST))
    assert ~TimeSet.of((0, LATEST)) == TimeSet.of((EARLIEST, -1))
    assert ~TimeSet.of((EARLIEST, LATEST - 1)) == TimeSet.of((LATEST, LATEST))
    assert ~TimeSet.of((EARLIEST + 1, LATEST)) == TimeSet.of((EARLIEST, EARLIEST))


def test_before_and_since_part_the_line():
    assert TimeSet.before(5).spans == ((EARLIEST, 4),)
    assert TimeSet.since(5).spans == ((5, LATEST),)
    assert ~TimeSet.before(5) == TimeSet.since(5)
    assert TimeSet.before(EARLIEST) == TimeSet.EMPTY


def test_spans_that_touch_are_merged_and_empty_ones_dropped():
    assert TimeSet.of((4, 6), (1, 3)).spans == ((1, 6),)
    assert TimeSet.of((1, 3), (5, 6)).spans == ((1, 3), (5, 6))
    assert TimeSet.of((1, 9), (2, 3)).spans == ((1, 9),)
    assert TimeSet.of((3, 2)) == TimeSet.EMPTY
    assert TimeSet.of((3, 3)).spans == ((3, 3),)


@pytest.mark.parametrize("times", [TimeSet.of((1, 3), (5, 7))])
def test_a_gap_is_not_covered(times):
    assert times.covers(1, 3)
    assert times.covers(5, 7)
    assert not times.covers(1, 5)
    assert not times.covers(0, 1)
    assert not times.covers(3, 4)
    assert not times.covers(4, 4)
    assert (times.first(4, 9), times.last(0, 4)) == (5, 3)
    assert (times.first(8, 9), times.last(0, 0)) == (None, None)
    assert (times.first(4, 4), times.last(4, 4)) == (None, None)
    assert repr(times) == "TimeSet(spans=((1, 3), (5, 7)))"
