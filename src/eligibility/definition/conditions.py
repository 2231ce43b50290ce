"""Station 3: clauses, and the closed family of conditions that they are made of.

Conditions are data, never code: they can be evaluated, printed as prose, compared and generated.
A path such as `messages[].sent_at` speaks of one record of a list, the same one throughout a
definition: 'some message that was an InMail, and was shared, and ...'. A path such as
`exclusions.counsel` speaks of the account. A moment that does not exist meets no condition.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from eligibility.arguments import checked, expect, several, wrong
from eligibility.facts.model import Value
from eligibility.facts.paths import pattern
from eligibility.values.citation import Citation
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth

#: What words alone say is no part of what a definition means: its digest stays without it.
NOT_IN_DIGEST: Final = {"digest": False}


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


@frozen(field_transformer=checked)
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


@frozen(field_transformer=checked)
class AllOf:
    """All of the conditions hold, of the same record."""

    conditions: tuple["Condition", ...] = field(converter=several)


@frozen(field_transformer=checked)
class AnyOf:
    """At least one of the conditions holds, of the same record."""

    conditions: tuple["Condition", ...] = field(converter=several)


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


def span_leaves(condition: Condition) -> Iterator[SpanLeaf]:
    """Every leaf of a condition that reads a list of spans."""
    return (leaf for leaf in leaves(condition) if isinstance(leaf, SpanLeaf))


def disjuncts(condition: Condition) -> tuple[tuple[Leaf, ...], ...]:
    """The condition as a disjunction of conjunctions: any of these, each with all of its leaves."""
    if isinstance(condition, AnyOf):
        return tuple(way for part in condition.conditions for way in disjuncts(part))
    if isinstance(condition, AllOf):
        ways: tuple[tuple[Leaf, ...], ...] = ((),)
        for part in condition.conditions:
            ways = tuple(way + more for way in ways for more in disjuncts(part))
        return ways
    expect(condition, Leaf, "condition")
    return ((condition,),)


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
