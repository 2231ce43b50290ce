"""Whether a fact of a record can turn the outcome, or whether there is a record more."""

from collections.abc import Iterator, Mapping
from itertools import chain

from attrs import frozen

from eligibility.facts.normalise import KnownRecord
from eligibility.values.timeset import TimeSet
from eligibility.verdict.pairs import Pair
from eligibility.verdict.reach import More, narrower
from eligibility.verdict.span_turns import Cuts
from eligibility.verdict.turning import Turning, always


def record_turns(turning: Turning, record: KnownRecord, key: str) -> Cuts | None:
    """Where a fact of a record divides; None if it does not."""
    base = Pair(turning.base, turning.base)
    shape = turning.list_shape
    gone = {key, *(moment for moment, fact in shape.record.exists_if.items() if fact == key)}
    for one, more, asked in turning.pivotal(record):
        rest = {name: each for name, each in more.items() if name not in gone}
        if key in record.values:
            others = record.values[key] - turning.disjunct.values.get(key, one.values[key])
            made = (narrower(shape, record, {**rest, key: frozenset({v})}) for v in others)
            outs = [each for each in made if each]
            if outs and turning.turns(base, asked, one, always(*outs)):
                return ()
            continue
        out = turning.turns(base, asked, one, _Elsewhere(turning, record, key, rest, one))
        if isinstance(out, KnownRecord):
            return (min(one.bounds[key][1], out.bounds[key][1]),)
    return None


def one_more_record_turns(turning: Turning) -> bool:
    """Whether a record that nobody listed can turn the outcome."""
    name = turning.records_in
    if not turning.spans.can_close(name):
        return False
    more = KnownRecord(len(turning.facts.lists[name]), {}, turning.facts.unlisted[name])
    base = Pair(turning.base, turning.base)
    return any(
        turning.turns(base, asked, one, always(None)) for one, _, asked in turning.pivotal(more)
    )


@frozen(eq=False)
class _Elsewhere:
    """A record with one of its moments where it may be out, nearest to where it is in first.

    `rest` is what else is known of it, `one` the record where it is in.
    """

    turning: Turning
    record: KnownRecord
    key: str
    rest: More
    one: KnownRecord

    def __call__(self, times: Mapping[str, TimeSet]) -> Iterator[KnownRecord]:
        """All such records, the moments being held to `times`."""
        key, turning = self.key, self.turning
        (low, high), at = self.record.bounds[key], self.one.bounds[key]
        outside = ~times[key] if key in times else TimeSet.EMPTY
        found = [outside.last(low, at[0] - 1), outside.first(at[1] + 1, high)]
        found += [outside.first(low, high), outside.last(low, high)]
        if turning.hangs_together(self.record, key):  # by where it lies, another may be out
            found += [low, high, at[0] - 1, at[1] + 1]
            outside = TimeSet.ALL
        edges = (e for e in turning.edges if e in outside)
        for other in dict.fromkeys(chain((e for e in found if e is not None), edges)):
            turning.work.spend(1)
            if low <= other <= high:
                known = {**self.rest, key: (other, other)}
                if made := narrower(turning.list_shape, self.record, known):
                    yield made
