"""What is asked of one pass, of whichever list: of the records of the class, or of spans.

Each of the two has a search of its own in `turning`.
"""

from eligibility.facts.boxes import ANY_TIME, Said
from eligibility.facts.known import KnownRecord
from eligibility.facts.paths import field_of
from eligibility.verdict.turning import one_more_span, record_turns, span_turns
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.span_turns import Cuts
from eligibility.verdict.unknown import RelevantFact


def turns(
    turning: Turning, name: str, record: KnownRecord, key: str, *, is_cut: bool = True
) -> Cuts | None:
    """Where a fact of a record divides; None if it does not.

    Unless it `is_cut` there, it is enough to know of one instant.
    """
    if name != turning.records_in:
        return span_turns.span_turns(turning, name, record, key)
    if not turning.contenders.can_be_in(record) or not turning.pivotal.bears(record, key):
        return None
    return record_turns.record_turns(turning, record, key, is_cut=is_cut)


def turns_at_the_end(turning: Turning, name: str, record: KnownRecord, key: str) -> Cuts | None:
    """Where a bound of a span divides at the earliest, or at the latest; a record has no such."""
    if name == turning.records_in:
        return None
    return span_turns.span_turns_at_the_end(turning, name, record, key)


def divides(turning: Turning, record: KnownRecord, fact: RelevantFact, at: int) -> bool:
    """Whether a moment divides between an instant and the next."""
    if fact.list != turning.records_in:
        return span_turns.divides_span(turning, record, (fact.list, fact.field), at)
    return record_turns.divides(turning, record, fact.field, at)


def can_be_one_more(turning: Turning, name: str) -> bool:
    """Whether one more record of a list can turn the outcome."""
    if name == turning.records_in:
        return record_turns.one_more_record_turns(turning)
    theirs = (leaf for leaf in turning.leaves if leaf.spans == name)
    return any(one_more_span.can_turn(turning, leaf) for leaf in theirs)


def where(turning: Turning, name: str) -> list[Said]:
    """What one more record must meet to turn the outcome, by what is asked of the list."""
    if name == turning.records_in:
        if not record_turns.one_more_record_turns(turning):
            return []
        return [{**turning.disjunct.values, **record_turns.moments_of_one_more(turning)}]
    found: list[Said] = []
    for leaf in turning.leaves:
        if leaf.spans == name and (hull := one_more_span.hull(turning, leaf)):
            values = {field_of(only.path): only.values for only in leaf.where}
            ends = {"start": (ANY_TIME[0], hull[1]), "end": (hull[0], ANY_TIME[1])}
            found.append({**values, **ends})
    return found
