"""What a history's status must be, by brute force: the front door of the oracle.

`oracle_worlds` says what the worlds of a history are and which of them are in the class, and lists
them one after another; that is the definition, and it is slow. Here are the same worlds without the
product, thousands of histories a second, with the same answers (`test_oracle_itself`).
`oracle_histories` makes histories at random. None of it imports the library.

What is factored is only what is plainly independent. Premium, permissions and messages vary
independently of each other, and all that a message sees of the spans is which instants they cover.
So a combination of spans is a bit mask over the axis, and what a message can be is what it *needs*:
Premium at (one of) these instants, no permission at that one.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from oracle_histories import random_history, refinement
from oracle_worlds import (
    CLAUSES,
    CUTOFF,
    DEFAULT_READING,
    DIMENSIONS,
    READINGS,
    History,
    Message,
    Permission,
    Reading,
    Subscription,
    World,
    bounds,
    choices,
    member,
    naive_relevant_facts,
    naive_status,
    prefix_member,
    verdict,
    worlds,
)

__all__ = [
    "CLAUSES",
    "CUTOFF",
    "DEFAULT_READING",
    "DIMENSIONS",
    "READINGS",
    "History",
    "Reading",
    "World",
    "bounds",
    "clause_truths",
    "member",
    "naive_relevant_facts",
    "naive_status",
    "prefix_member",
    "random_history",
    "refinement",
    "relevant_facts",
    "status",
    "worlds",
]


class Need(NamedTuple):
    premium: int  # mask: Premium must cover one of these
    permission: int  # mask: permission must cover none of these

    def met(self, premium: int, permission: int) -> bool:
        return bool(self.premium & premium) and not self.permission & permission


class Factored:
    """One history under one reading, ready to be asked."""

    def __init__(self, history: History, reading: Reading, supposing: str | None, reach: int):
        self.reading = reading
        c = self.choices = choices(history, reading, supposing, reach)
        self.consistent = all([*c.premium, *c.permissions, *c.messages])
        self.cutoff = CUTOFF[reading["update_day"]]
        self.bit = {t: 1 << i for i, t in enumerate(c.axis)}
        self.before = sum(bit for t, bit in self.bit.items() if t < self.cutoff)
        self.premium = [[self.mask([p]) for p in record] for record in c.premium]
        self.premium.append([self.mask(more) for more in c.more_premium])
        self.permissions = [[self.mask([p]) for p in record] for record in c.permissions]
        self.permissions.append([self.mask(more) for more in c.more_permissions])
        self.premiums, self.permits = _unions(self.premium), _unions(self.permissions)
        self.excluded = self.may_be_excluded = False
        if reading["exclusions"] == "customary":
            self.excluded = any(None not in flag for flag in c.flags)
            self.may_be_excluded = any(flag != [None] for flag in c.flags)

    def mask(self, spans: Iterable[Subscription | Permission]) -> int:
        found = 0
        for span in spans:
            if not isinstance(span, Subscription) or span.plan:
                found |= sum(b for t, b in self.bit.items() if span.start <= t <= span.end)
        return found

    def need(self, message: Message, k: int) -> Need | None:
        """What it takes of the spans for the message to meet clauses 1 to k; None: impossible."""
        shared = self.bit.get(message.shared_at, 0) if message.shared_at is not None else 0
        limited = message.shared_at if self.reading["date_limits"] == "sharing" else message.sent_at
        fits = (
            message.inmail and (self.reading["messages"] != "sent" or message.direction == "sent"),
            message.shared_at is not None
            and (self.reading["recipient"] == "anyone" or message.recipient == "third_party"),
            True,
            limited is not None and limited < self.cutoff,
        )
        premium = {
            "shared": shared,
            "messaged": self.bit[message.sent_at],
            "ever": self.before,
        }[self.reading["premium_when"]]
        return Need(premium, shared if k >= 4 else 0) if all(fits[: k - 1]) and premium else None

    def needs(self, k: int) -> list[set[Need | None]]:
        """For each message, listed or added, all it can need. An added one need not be there."""
        found = [{self.need(m, k) for m in record} for record in self.choices.messages]
        more = {self.need(m, k) for added in self.choices.more_messages for m in added}
        return [*found, more | {None}]

    def outcomes(self, k: int) -> set[bool]:
        """Can some one message meet clauses 1 to k? Can none?"""
        if not self.consistent:
            return set()
        if k == 1 and self.reading["premium_when"] == "ever":
            return {bool(self.before & premium) for premium in self.premiums}
        needs = self.needs(k)
        can = any(
            any(n.premium & p for p in self.premiums)
            and any(not n.permission & q for q in self.permits)
            for n in set().union(*needs)
            if n is not None
        )
        cannot = any(  # if all are out, they stay out with less Premium and more permission
            _all_out(needs, premium, permission)
            for premium in _smallest(self.premiums)
            for permission in _largest(self.permits)
        )
        return {outcome for outcome, holds in ((True, can), (False, cannot)) if holds}

    def status(self) -> str:
        outcomes = self.outcomes(len(CLAUSES))
        if outcomes and self.may_be_excluded:
            outcomes = {False} if self.excluded else outcomes | {False}
        return verdict(outcomes)

    def relevant(self) -> set[str]:
        """The facts on which two worlds that differ in nothing else differ in outcome.

        The world that is in has one message whose need n is met. Given n, Premium elsewhere and a
        lack of permission elsewhere only endanger the other world, so the facts that do not differ
        may be taken smallest (or largest) among those that still meet n.
        """
        if self.excluded or not self.consistent:
            return set()
        needs = self.needs(len(CLAUSES))
        wanted = {n for n in set().union(*needs) if n is not None}
        found = set().union(*(self._told_by(n, needs) for n in wanted))
        if self.may_be_excluded and True in self.outcomes(len(CLAUSES)):
            found |= {f"exclusions.{next(filter(None, f))}" for f in self.choices.flags if f[1:]}
        return found

    def _told_by(self, n: Need, needs: list[set[Need | None]]) -> set[str]:
        """The facts that can undo the membership of the message which needs n."""
        found: set[str] = set()
        premiums = _smallest({p for p in self.premiums if p & n.premium})
        permits = _largest({q for q in self.permits if not q & n.permission})
        for fact, without in self._premium_facts.items():
            lacking = {p for p, gain in without if n.premium & gain and not n.premium & p}
            pairs = itertools.product(_smallest(lacking), permits)
            if any(_all_out(needs, p, q) for p, q in pairs):
                found.add(fact)
        for fact, within in self._permission_facts.items():
            holding = {q for q, loss in within if n.permission & q & loss}
            pairs = itertools.product(premiums, _largest(holding))
            if any(_all_out(needs, p, q) for p, q in pairs):
                found.add(fact)
        for p, q in itertools.product(premiums, permits):
            for j in range(len(needs)):
                if n in needs[j] and _all_out(needs[:j] + needs[j + 1 :], p, q):
                    facts = self._message_facts[j]
                    found |= {f for f, group in facts if n in group and _can_be_out(group, p, q)}
        return found

    @functools.cached_property
    def _premium_facts(self) -> dict[str, set[tuple[int, int]]]:
        """For each fact: what may be covered, and what another value of the fact would add."""
        return self._span_facts("premium", self.choices.premium, self.premium)

    @functools.cached_property
    def _permission_facts(self) -> dict[str, set[tuple[int, int]]]:
        """For each fact: what may be covered, and what another value of the fact would free."""
        return self._span_facts("permissions", self.choices.permissions, self.permissions)

    def _span_facts(
        self, name: str, records: Sequence[Sequence[Any]], masks: list[list[int]]
    ) -> dict[str, set[tuple[int, int]]]:
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for i, of_record in enumerate(masks):
            elsewhere = _unions(masks[:i] + masks[i + 1 :])
            if i == len(records):
                groups = [(f"complete.{name}", of_record)]
            else:
                groups = [
                    (f"{name}[{i}].{fact}", [self.mask([row]) for row in rows])
                    for fact, rows in _groups(records[i])
                ]
            for fact, group in groups:
                if len(group) > 1:
                    any_of, all_of = _or(group), _and(group)
                    change = any_of if name == "premium" else ~all_of
                    found[fact] |= {
                        (mask | other, change & ~other) for mask in group for other in elsewhere
                    }
        return found

    @functools.cached_property
    def _message_facts(self) -> list[list[tuple[str, set[Need | None]]]]:
        """For each message: facts, each with needs between which nothing but the fact decides."""
        k = len(CLAUSES)
        found: list[list[tuple[str, set[Need | None]]]] = []
        for j, record in enumerate(self.choices.messages):
            groups = [(f, {self.need(m, k) for m in rows}) for f, rows in _groups(record)]
            found.append([(f"messages[{j}].{fact}", group) for fact, group in groups])
        return [*found, [("complete.messages", self.needs(k)[-1])]]


def _groups(rows: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Group what a record can be by all its fields but one, for each field in turn.

    A message that was not shared has no time of sharing, so it differs in `shared` alone from
    each one that was; two that were shared differ in `shared_at`.
    """
    found: list[tuple[str, list[Any]]] = []
    for position, fact in enumerate(rows[0]._fields):
        by_rest: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            by_rest[row[:position] + row[position + 1 :]].append(row)
        for group in by_rest.values():
            if fact == "shared_at":
                not_shared = [row for row in group if row.shared_at is None]
                was_shared = [row for row in group if row.shared_at is not None]
                found += [("shared", [*not_shared, row]) for row in was_shared]
                found.append((fact, was_shared))
            else:
                found.append((fact, group))
    return [(fact, group) for fact, group in found if len(group) > 1]


def _can_be_out(needs: Iterable[Need | None], premium: int, permission: int) -> bool:
    return any(n is None or not n.met(premium, permission) for n in needs)


def _all_out(needs: Iterable[Iterable[Need | None]], premium: int, permission: int) -> bool:
    return all(_can_be_out(of_message, premium, permission) for of_message in needs)


def _or(masks: Iterable[int]) -> int:
    return functools.reduce(operator.or_, masks)


def _and(masks: Iterable[int]) -> int:
    return functools.reduce(operator.and_, masks)


def _unions(records: Iterable[Iterable[int]]) -> set[int]:
    """All that the records can cover together."""
    found = {0}
    for record in records:
        found = {mask | other for mask in set(record) for other in found}
    return found


def _smallest(masks: set[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if all(other & ~mask for other in kept):
            kept.append(mask)
    return kept


def _largest(masks: set[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count, reverse=True):
        if all(mask & ~other for other in kept):
            kept.append(mask)
    return kept


def status(history: History, reading: Reading, supposing: str | None = None, reach: int = 2) -> str:
    """'eligible', 'ineligible', 'indeterminate' or, where there is no world, 'inconsistent'."""
    return Factored(history, reading, supposing, reach).status()


def clause_truths(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> list[bool | None]:
    """For each clause: does some one message meet it and all before it? None is unknown."""
    factored = Factored(history, reading, supposing, reach)
    found = [factored.outcomes(k) for k in range(1, len(CLAUSES) + 1)]
    return [None if len(outcomes) != 1 else True in outcomes for outcomes in found]


def relevant_facts(
    history: History, reading: Reading, supposing: str | None = None, reach: int = 2
) -> set[str]:
    """The unknown facts that matter: two worlds that differ in that fact only differ in outcome.

    `messages[0].shared_at` and the like are paths of the history; `complete.premium` stands for
    the records that an open list may hold beyond those listed.
    """
    return Factored(history, reading, supposing, reach).relevant()
