"""Station 3: clauses, and the closed family of conditions that they are made of.

Conditions are data, never code: they can be evaluated, printed as prose, compared and generated.
A path such as `messages[].sent_at` speaks of one record of a list, the same one throughout a
definition: 'some message that was an InMail, and was shared, and ...'. A path such as
`exclusions.counsel` speaks of the account. A moment that does not exist meets no condition.
"""

import re
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from eligibility.arguments import checked, expect, several, wrong
from eligibility.errors import InvalidDefinition, Problem
from eligibility.facts.model import Value
from eligibility.facts.paths import pattern
from eligibility.values.citation import Citation
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth

#: What words alone say is no part of what a definition means: its digest stays without it.
NOT_IN_DIGEST: Final = {"digest": False}


#: How deep `AllOf` and `AnyOf` may be nested.
MOST_LEVELS: Final = 100


def _values(values: Any) -> Any:
    """One value or several, as a set; what is neither is left to be refused."""
    if isinstance(values, bool | str):
        return frozenset({values})
    if isinstance(values, list | tuple | set | Iterator):
        several = tuple(values)
        fit = all(isinstance(each, bool | str) for each in several)
        return frozenset(several) if fit else several
    return values


def _times(times: Any) -> Any:
    """A set of instants; of a moment, all instants that it may mean."""
    return TimeSet.of((times.earliest, times.latest)) if isinstance(times, Moment) else times


@frozen(field_transformer=checked, cache_hash=True)  # what spans cover is kept by it
class Is:
    """A yes/no fact or a word of a closed vocabulary is one of `values`.

    >>> Is("messages[].inmail", True).values
    frozenset({True})
    """

    path: str
    values: frozenset[Value] = field(converter=_values)


@frozen(field_transformer=checked)
class Within:
    """A moment of the record lies in a set of instants, or in a `Moment`: where that may lie.

    >>> Within("messages[].sent_at", Moment.parse("2024", "UTC")).times == TimeSet.of(
    ...     (Moment.parse("2024", "UTC").earliest, Moment.parse("2024", "UTC").latest)
    ... )
    True
    """

    moment: str
    times: TimeSet = field(converter=_times)


@frozen(field_transformer=checked)
class Covered:
    """A moment of the record lies in some span of a list, both ends included.

    `where` says which spans of the list count, such as `Is("premium[].plan", {...})`.
    """

    moment: str
    spans: str
    where: tuple[Is, ...] = field(default=(), converter=several)


@frozen(field_transformer=checked)
class Uncovered:
    """A moment of the record exists, and lies in no span of a list that counts."""

    moment: str
    spans: str
    where: tuple[Is, ...] = field(default=(), converter=several)


@frozen(field_transformer=checked)
class Ever:
    """Some span of a list that counts has an instant in `times`. It is about the account alone."""

    spans: str
    times: TimeSet = field(converter=_times)
    where: tuple[Is, ...] = field(default=(), converter=several)


def _levels(conditions: tuple["Condition", ...]) -> int:
    """How deep a condition of these is nested: whatever reads it goes down level by level."""
    levels = 1 + max((getattr(each, "levels", 0) for each in conditions), default=-1)
    if levels > MOST_LEVELS:
        raise InvalidDefinition(
            [
                Problem(
                    "definition-too-deep",
                    "",
                    f"Conditions are nested more than {MOST_LEVELS} levels deep.",
                    "Name what is joined alike side by side: `all_of(a, b, c)` says the same as "
                    "`all_of(a, all_of(b, c))`.",
                )
            ]
        )
    return levels


@frozen(field_transformer=checked)
class AllOf:
    """All of the conditions hold, of the same record."""

    conditions: tuple["Condition", ...] = field(converter=several)
    levels: int = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "levels", _levels(self.conditions))


@frozen(field_transformer=checked)
class AnyOf:
    """At least one of the conditions holds, of the same record."""

    conditions: tuple["Condition", ...] = field(converter=several)
    levels: int = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "levels", _levels(self.conditions))


#: A condition that reads a list of spans.
SpanLeaf: TypeAlias = Covered | Uncovered | Ever
Leaf: TypeAlias = Is | Within | SpanLeaf
Condition: TypeAlias = Leaf | AllOf | AnyOf


@frozen(field_transformer=checked)
class Clause:
    """One clause: an id, the words of the definition, where they come from, what they mean.

    `context` is what else the sources say that bears on the words; it decides nothing.

    `met`, `not_met` and `not_known` say in plain sentences that some one record meets the clause,
    that it does not, and that nobody can tell yet. They name the record `the message`, after the
    noun of its list, and have no capital and no full stop; without them, sentences are made of the
    words. They mean nothing of their own, and the digest of a definition leaves them out.
    """

    id: str
    text: str
    citation: Citation
    condition: Condition
    context: tuple[Citation, ...] = field(default=(), converter=several)
    met: str = field(default="", kw_only=True, metadata=NOT_IN_DIGEST)
    not_met: str = field(default="", kw_only=True, metadata=NOT_IN_DIGEST)
    not_known: str = field(default="", kw_only=True, metadata=NOT_IN_DIGEST)

    def sentence(self, truth: Truth) -> str:
        """That the clause is met, is not met, or that it is not known whether it is.

        >>> Clause("a", "who paid,", Citation("The rules"), Is("paid", True)).sentence(Truth.TRUE)
        '“who paid” is met'
        """
        words = self.text.rstrip(",;. ")
        if truth.surely:
            return self.met or f"“{words}” is met"
        if not truth.possibly:
            return self.not_met or f"“{words}” is not met"
        return self.not_known or f"it is not known whether “{words}” is met"


_VERB: Final = re.compile(r"( (?:was|were|is|are)) ")


def sentences(met: str) -> dict[str, str]:
    """The three sentences of a clause, made of the first: for `Clause(..., **sentences(met))`.

    >>> sentences("the visit was paid for")["not_met"]
    'the visit was not paid for'
    >>> sentences("the user lives in the United States")["not_met"]
    'it is not so that the user lives in the United States'
    """
    not_met = _VERB.sub(r"\1 not ", met, count=1)
    not_met = not_met if not_met != met else f"it is not so that {met}"
    return {"met": met, "not_met": not_met, "not_known": f"it is not known whether {met}"}


def all_of(*conditions: Condition) -> AllOf:
    """`AllOf`, without the brackets."""
    return AllOf(conditions)


def any_of(*conditions: Condition) -> AnyOf:
    """`AnyOf`, without the brackets."""
    return AnyOf(conditions)


def negated(condition: Condition) -> Condition:
    """What holds of an account if and only if a condition about the account alone does not.

    >>> negated(Is("exclusions.counsel", True))
    Is(path='exclusions.counsel', values=frozenset({False}))
    """
    match condition:
        case AllOf(conditions=parts):
            return AnyOf(tuple(negated(part) for part in parts))
        case AnyOf(conditions=parts):
            return AllOf(tuple(negated(part) for part in parts))
        case Is(path=path, values=values):
            return Is(path, frozenset({True, False}) - values)
        case _:
            raise wrong("condition", "a condition about the account alone", condition)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of a condition, in the order in which it is written."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from leaves(part)
    else:
        expect(condition, Leaf, "condition")
        yield condition


def time_edges(conditions: Iterable[Condition]) -> tuple[int, ...]:
    """Where the time sets of conditions begin and where they have ended: instants, in order."""
    found = (leaf for condition in conditions for leaf in leaves(condition))
    spans = (span for leaf in found if isinstance(leaf, Within | Ever) for span in leaf.times.spans)
    edges = {edge for first, last in spans for edge in (first, last + 1)}
    return tuple(sorted(edge for edge in edges if EARLIEST < edge <= LATEST))


def span_leaves(condition: Condition) -> Iterator[SpanLeaf]:
    """Every leaf of a condition that reads a list of spans."""
    return (leaf for leaf in leaves(condition) if isinstance(leaf, SpanLeaf))


def disjuncts(*conditions: Condition) -> tuple[tuple[Leaf, ...], ...]:
    """All of the conditions as a disjunction: any of these, each with all of its leaves."""
    found: tuple[tuple[Leaf, ...], ...] = ((),)
    for condition in conditions:
        if isinstance(condition, AnyOf):
            several = [one for part in condition.conditions for one in disjuncts(part)]
        elif isinstance(condition, AllOf):
            several = [*disjuncts(*condition.conditions)]
        else:
            expect(condition, Leaf, "condition")
            several = [(condition,)]
        found = tuple(one + more for one in found for more in several)
    return found


def disjunct_count(condition: Condition, *, negated: bool = False) -> int:
    """How many disjuncts there are, of a condition or of its opposite, without making them."""
    if isinstance(condition, AllOf | AnyOf):
        counts = (disjunct_count(part, negated=negated) for part in condition.conditions)
        return sum(counts) if isinstance(condition, AnyOf) is not negated else prod(counts)
    return 1


def paths(condition: Condition) -> tuple[str, ...]:
    """Every path that a condition speaks of; a list of spans is named `premium[]`."""
    found: list[str] = []
    for leaf in leaves(condition):
        if isinstance(leaf, Is):
            found.append(leaf.path)
        elif not isinstance(leaf, Ever):
            found.append(leaf.moment)
        if isinstance(leaf, SpanLeaf):
            found += [pattern(leaf.spans), *(only.path for only in leaf.where)]
    return tuple(dict.fromkeys(found))
