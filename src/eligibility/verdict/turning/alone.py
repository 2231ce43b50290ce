"""Whether a fact of a record turns the outcome, which is plain where no opponent stands in the way.

Then every other record has a fact of its own that keeps it out, or is not surely in. So it is
enough that one history lets the record in, and that what it is in the other is out whatever spans
do: both can know the same of all spans. Of the possibly pass these stay as they are; of the surely
pass one span covers what is asked, all others stay as they are. Where that does not do, a pair is
put together.
"""

from collections.abc import Collection

from eligibility.definition.conditions import Covered, SpanLeaf
from eligibility.evaluation.reference import Possibly, Surely, Times
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.verdict.turning.in_one_pass import Turning, always
from eligibility.verdict.turning.pairs import Asked, Pair
from eligibility.verdict.turning.reach import Reach, narrower


def turns(
    turning: Turning, asked: list[Asked], one: KnownRecord, others: Collection[KnownRecord | None]
) -> bool:
    """Whether it turns the outcome that a record is as it is let in, or one of others, or none."""
    if not turning.opponents_but(one) and _turns_plainly(turning, asked, one, others):
        return True
    return bool(turning.turns(Pair(turning.base, turning.base), asked, one, always(*others)))


def _turns_plainly(
    turning: Turning, asked: list[Asked], one: KnownRecord, others: Collection[KnownRecord | None]
) -> bool:
    possibly, most = Possibly(turning.base, turning.definition), _at_most(turning)
    turning.work.spend(1 + len(others))
    if all(other and possibly.meets(other, turning.disjunct, most) for other in others):
        return False
    if not turning.surely:
        if _may_be_in_beyond(turning, possibly):
            return False
        return possibly.account(turning.disjunct) and possibly.meets(one, turning.disjunct, most)
    facts = _covering(turning, asked)
    if facts is None:
        return False
    surely = Surely(facts, turning.definition)
    times = surely.times(turning.disjunct)
    return surely.account(turning.disjunct) and surely.meets(one, turning.disjunct, times)


def _at_most(turning: Turning) -> Times:
    """Where a record can have its moments, whatever spans do."""
    if ("most",) not in turning.kept:
        tests, view = turning.disjunct.moments, Possibly(turning.base, turning.definition)
        alone = {name: test.times for name, test in tests.items()}
        turning.kept["most",] = alone if turning.surely else view.times(turning.disjunct)
    found: Times = turning.kept["most",]
    return found


def _may_be_in_beyond(turning: Turning, possibly: Possibly) -> bool:
    """Whether a record may be in that nobody listed and nobody can know of: it is so in both."""
    if ("beyond",) not in turning.kept:
        listed, most = len(turning.base.lists[turning.records_in]), _at_most(turning)
        beyond = possibly.records[listed:]
        is_in = any(possibly.meets(each, turning.disjunct, most) for each in beyond)
        turning.kept["beyond",] = is_in
    found: bool = turning.kept["beyond",]
    return found


def _covering(turning: Turning, asked: list[Asked]) -> KnownHistory | None:
    """Facts in which of each list that helps there is one span alone, which covers what is asked.

    Who is surely in by that one is surely in beside others as well.
    """
    facts = turning.base
    for leaf, first, last in asked:
        if isinstance(leaf, Covered):
            if facts.lists[leaf.spans] is not turning.base.lists[leaf.spans]:
                return None  # asked for twice
            made = _one_covering(turning, leaf, first, last)
            if made is None:
                return None
            facts = facts.with_list(leaf.spans, (made,))
    return facts


def _one_covering(turning: Turning, leaf: SpanLeaf, first: int, last: int) -> KnownRecord | None:
    """A span that covers some instants, with what there is to know of it so that it does."""
    widest, shape = _widest(turning, leaf), turning.facts.shape.lists[leaf.spans]
    turning.work.spend(len(widest))
    for span, reach in widest:
        known = reach.covering(first, last)
        if known is not None and (made := narrower(shape, span, known)):
            return made
    return None


def _widest(turning: Turning, leaf: SpanLeaf) -> list[tuple[KnownRecord, Reach]]:
    """The spans that can cover most, without those that reach no further than another one."""
    at = "widest", id(leaf)
    if at not in turning.kept:
        every = turning.spans.reaches(turning.base, leaf)
        found: list[tuple[KnownRecord, Reach]] = []
        for span, reach in sorted(every, key=lambda each: (each[1].start[0], -each[1].end[1])):
            if not found or reach.end[1] > found[-1][1].end[1]:
                found.append((span, reach))
        turning.kept[at] = found
    widest: list[tuple[KnownRecord, Reach]] = turning.kept[at]
    return widest
