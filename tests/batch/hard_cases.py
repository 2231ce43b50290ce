"""Hand-made histories on the edges: what touches, what crosses, what is empty, what is unknown.

Every account is fictional. Moments lie a microsecond beside what a verdict turns on.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from eligibility import AccountHistory
from eligibility.rules import UPDATE_DAY_BEGINS, UPDATE_DAY_ENDS
from eligibility.values.timeline import EARLIEST, LATEST, write_instant

_PLAN: Final = "premium_career"
_EDGES: Final = (UPDATE_DAY_BEGINS, UPDATE_DAY_ENDS)
_LISTS: Final = ["premium", "messages", "permissions"]
_ALWAYS: Final = {"plan": _PLAN, "start": "2010", "end": ".."}
_SHARED: Final = {"inmail": True, "shared": True, "direction": "sent"}


def between(first: int, last: int) -> str:
    """Bounds, by the instants that they are."""
    if first == last:
        return write_instant(first)
    ends = [".." if at in (EARLIEST, LATEST) else write_instant(at) for at in (first, last)]
    return "/".join(ends)


def hard_cases() -> list[AccountHistory]:
    """All of them."""
    cases = [*_on_the_cut_offs(), *_touching(), *_crossing(), *_gates(), *_hardly_anything()]
    return [
        AccountHistory.model_validate({"account_id": "FICTIONAL", "complete": _LISTS, **case})
        for case in cases
    ]


def _on_the_cut_offs() -> Iterator[dict[str, Any]]:
    """Messages sent and shared on either side of each cut-off, exactly or by bounds across it."""
    for edge in _EDGES:
        spans = [(edge + a, edge + b) for a, b in [(-1, -1), (0, 0), (-1, 0), (-2, -1), (0, 1)]]
        spans += [(EARLIEST, edge - 1), (edge, LATEST), (EARLIEST, edge)]
        for sent, shared in product(spans, spans):
            if sent[0] <= shared[1]:
                message = {**_SHARED, "sent_at": between(*sent), "shared_at": between(*shared)}
                yield {"premium": [_ALWAYS], "messages": [message]}
        for start, end in [(-1, -1), (0, 0), (-1, 0), (0, 1)]:
            span = {"start": write_instant(edge + start), "end": write_instant(edge + end)}
            for at in (-2, -1, 0, 1):
                when = write_instant(edge + at)
                message = {**_SHARED, "sent_at": when, "shared_at": when}
                yield {"premium": [{**span, "plan": _PLAN}], "messages": [message]}
                yield {"premium": [_ALWAYS], "messages": [message], "permissions": [span]}


def _touching() -> Iterator[dict[str, Any]]:
    """Spans of which the next starts a microsecond after, with the one before, or too late."""
    at = UPDATE_DAY_BEGINS - 1_000_000
    message = {**_SHARED, "sent_at": between(at, at + 5), "shared_at": between(at + 2, at + 7)}
    for gap, plan, open_end in product((0, 1, 2), (_PLAN, "learning", None), (True, False)):
        one = {"start": write_instant(at), "end": write_instant(at + 4)}
        more = {"start": write_instant(at + 4 + gap)}
        two = {**more, "end": ".." if open_end else write_instant(at + 8)}
        three = {"start": write_instant(at + 9), "end": write_instant(at + 9)}
        spans = [three, two, one]
        yield {
            "premium": [{**two, "plan": plan}, {**one, "plan": _PLAN}],
            "messages": [message],
        }
        yield {"premium": [_ALWAYS], "messages": [message], "permissions": spans}
        yield {
            "premium": [{**span, "plan": _PLAN} for span in spans],
            "messages": [message],
            "permissions": [{"start": write_instant(at + 8), "end": "2030"}],
        }


def _crossing() -> Iterator[dict[str, Any]]:
    """Spans whose latest start comes after their earliest end: certain nowhere, and yet somewhere.

    Two messages a microsecond apart are then sure together, though neither is by itself.
    """
    at = UPDATE_DAY_BEGINS - 2_000_000
    span = {"plan": _PLAN, "start": between(at, at + 6), "end": between(at + 5, at + 9)}
    tight = {"plan": _PLAN, "start": between(at, at + 1), "end": between(at, at + 1)}
    early = {**_SHARED, "sent_at": write_instant(at - 1)}
    for shared in ([5], [6], [5, 6], [4, 7], [0, 1], [0, 1, 5, 6], [1, 2, 3]):
        messages = [{**early, "shared_at": write_instant(at + x)} for x in shared]
        other = {**early, "shared_at": between(at + 5, at + 6)}
        for spans in ([span], [tight], [span, tight], [span, {**span, "plan": "other"}]):
            yield {"premium": spans, "messages": messages}
            yield {"premium": spans, "messages": [*messages, other]}
            yield {"premium": spans, "messages": messages, "complete": ["permissions"]}
            asked = [{key: value for key, value in each.items() if key != "plan"} for each in spans]
            yield {"premium": [_ALWAYS], "messages": messages, "permissions": asked}


def _gates() -> Iterator[dict[str, Any]]:
    """Sharing that may not have been, and sharing that cannot have been."""
    at = UPDATE_DAY_BEGINS - 3_000_000
    sent = [between(at, at + 3), write_instant(at), between(at, LATEST), None]
    shared = [
        between(EARLIEST, at - 1),  # before it was sent: then it was not shared, where unknown
        between(EARLIEST, at),
        between(at - 5, at + 1),
        write_instant(at + 2),
        between(at, LATEST),
        None,
    ]
    for was, one, two, inmail in product((True, None, False), sent, shared, (True, None)):
        if was is False and two is not None:
            continue
        if was and one and one[:1] != "." and two == shared[0]:
            continue  # that is a contradiction
        message = {"inmail": inmail, "shared": was, "sent_at": one, "shared_at": two}
        yield {"premium": [_ALWAYS], "messages": [message]}
        yield {"premium": [{**_ALWAYS, "start": between(at - 1, at + 2)}], "messages": [message]}


def _hardly_anything() -> Iterator[dict[str, Any]]:
    """Accounts without messages, records of which nothing is known, and every list open or not."""
    message = {**_SHARED, "sent_at": "2024-01", "shared_at": "2024-02"}
    for count in range(8):
        complete = [name for at, name in enumerate(_LISTS) if count >> at & 1]
        yield {"complete": complete}
        yield {"complete": complete, "premium": [{}], "messages": [{}], "permissions": [{}]}
        yield {"complete": complete, "premium": [_ALWAYS]}
        yield {"complete": complete, "messages": [message]}
        yield {"complete": complete, "premium": [_ALWAYS], "messages": [message]}
        yield {"complete": complete, "premium": [_ALWAYS], "permissions": [{"end": ".."}]}
        yield {"complete": complete, "premium": [{"plan": None, "start": "2020"}]}
    for answer in (True, False, None):
        for key in ("counsel", "successor_of_excluded"):
            yield {
                "premium": [_ALWAYS],
                "messages": [message],
                "exclusions": {**_NOBODY, key: answer},
            }


_NOBODY: Final = dict.fromkeys(
    (
        "presiding_judge_or_family",
        "defendant_or_affiliate",
        "counsel",
        "requested_exclusion",
        "claims_adjudicated_or_released",
        "successor_of_excluded",
    ),
    False,
)
