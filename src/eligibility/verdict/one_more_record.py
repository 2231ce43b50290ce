"""One more record of a list that may lack some: each way in which it can be, what to say of it."""

from collections.abc import Iterator

from eligibility.facts.boxes import Bounds, Box, Values, disjoint
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.normalise import blank, is_unlisted, knowing, pinned


def ways_of_one_more(
    facts: KnownHistory, name: str
) -> Iterator[tuple[dict[str, Values | Bounds], KnownHistory, KnownRecord]]:
    """What to say of one more record of a list, in each way that is left; the facts with it; it."""
    list_shape, records = facts.shape.lists[name], facts.lists[name]
    for box in disjoint(facts.unlisted[name], list_shape):
        known = _said_of_one_more(facts, name, box)
        made = knowing(list_shape, blank(list_shape, len(records)), known)
        assert isinstance(made, KnownRecord), made  # noqa: S101 - one box of it: a bug of ours
        yield known, facts.with_list(name, (*records, made)), made


def _said_of_one_more(facts: KnownHistory, name: str, box: Box) -> dict[str, Values | Bounds]:
    """What there is to say of one more record, so that it is in a box and can be added.

    What is supposed goes without saying, but where a record would else be one that is stated to be
    listed: the history says so, whatever is supposed.
    """
    list_shape, stated = facts.shape.lists[name], tuple(facts.stated[name].values())
    one, plain = blank(list_shape, 0), list_shape.plain
    short = pinned(list_shape, one, box)
    if is_unlisted(plain, stated, short):
        return short
    said = pinned(plain, one, box)
    for spare in [key for key in said if key not in short][::-1]:
        less = {key: each for key, each in said.items() if key != spare}
        said = less if is_unlisted(plain, stated, less) else said
    return said
