"""What someone alleges, taken as given: a constraint on the worlds, never on the definition.

Of each record, listed or not, only what agrees with the allegation is left possible. What a record
says stands, also where that contradicts the allegation. Where a word of the allegation is one that
readings differ on, it means what it means under the reading in force: `under` says which that is.
"""

from collections.abc import Iterator, Mapping
from typing import Self

from attrs import evolve, field, frozen

from eligibility.arguments import checked, expect, several
from eligibility.errors import InvalidHistory, Problem
from eligibility.facts.boxes import Box, Said, narrowed, without
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.many import normalised_anew
from eligibility.facts.model import History, Value
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.values.citation import Citation
from eligibility.values.timeline import EARLIEST


@frozen(field_transformer=checked)
class Supposition:
    """Every record of a list that came before some instant had something happen to it by then.

    Args:
        name, text, citation: what is supposed, and who alleges it.
        in_short: the same in a few words, after 'supposing'; its name, if there are none.
        list: the list of records that it is about.
        unless: a field and the known value that takes a record out.
        when, before: only records whose moment `when` surely lies before this instant.
        before_under: what `before` is instead under some readings: a dimension, its word, and the
            instant. The first that the reading in force says counts.
        fact, then: the yes/no fact that is supposed true, and the moment of it, which lies before
            the instant (and, by the model's `order`, not before the record's own moment).
        complete: lists that are supposed to hold all there is.

    It says nothing of a record that `unless` takes out, or that came at the instant or later.
    """

    name: str
    text: str
    citation: Citation
    list: str
    unless: tuple[str, Value]
    when: str
    before: int
    fact: str
    then: str
    complete: tuple[str, ...] = field(default=(), converter=several)
    before_under: tuple[tuple[str, str, int], ...] = field(default=(), converter=several)
    in_short: str = ""

    @property
    def words(self) -> str:
        """What is supposed, in a few words after 'supposing'.

        >>> from eligibility.rules import AS_ALLEGED
        >>> AS_ALLEGED.words
        'what the complaint alleges'
        """
        return self.in_short or f"“{self.name}”"

    def under(self, reading: Mapping[str, str]) -> Self:
        """What is supposed under a reading, such as `definition.reading`.

        >>> from eligibility.rules import AS_ALLEGED, UPDATE_DAY_ENDS
        >>> AS_ALLEGED.under({"update_day": "through"}).before == UPDATE_DAY_ENDS
        True
        """
        expect(reading, Mapping[str, str], "reading")
        for name, word, before in self.before_under:
            if reading.get(name) == word:
                return evolve(self, before=before, before_under=())
        return evolve(self, before_under=())

    def suppose(self, facts: KnownHistory) -> KnownHistory:
        """The facts of a history, of which only what agrees with this is possible.

        `before` is taken as it stands: of a definition, take what is supposed `under` its reading.

        Raises:
            InvalidHistory: `wrong-model`, the history has no such list or facts.
        """
        expect(facts, KnownHistory, "facts")
        facts = evolve(facts, shape=self.of(facts.shape))
        records = normalised_anew(facts.shape.lists[self.list], facts.lists[self.list])
        facts = facts.with_list(self.list, tuple(records))
        for name in {self.list, *self.complete}:
            facts = facts.stating(name, facts.stated[name])
        return facts

    def of(self, seen: Shape) -> Shape:
        """A shape by which records are normalised as it is supposed.

        Raises:
            InvalidHistory: `wrong-model`, there is no such list or no such facts.
        """
        self._check(seen)
        supposed = {
            name: evolve(list_shape, supposed=OfList(self, name))
            for name, list_shape in seen.lists.items()
            if name == self.list or name in self.complete
        }
        return evolve(seen, lists={**seen.lists, **supposed})

    def expect(self, model: type[History]) -> None:
        """Refuse a model that has no such list or facts.

        Raises:
            InvalidHistory: `wrong-model`.
        """
        expect(model, type[History], "model")
        self._check(shape(model))

    def _check(self, seen: Shape) -> None:
        """Refuse a shape that has no such list or facts, or has something else in their place."""
        lists, of = {self.list, *self.complete} <= seen.lists.keys(), seen.lists.get(self.list)
        if not lists or of is None or not self.facts <= set(of.facts):
            words = f"The supposition `{self.name}` speaks of another kind of history."
            raise InvalidHistory([_other_kind(words, "Leave the supposition out.")])
        if wrong := list(self._misread(of)):
            raise InvalidHistory(wrong)

    def _misread(self, of: ListShape) -> Iterator[Problem]:
        """The facts of the list that are of another kind than what is supposed of them."""
        unless, value = self.unless
        for key, given, kind, fits in (
            ("unless", unless, "a word or a yes/no fact", of.values),
            ("when", self.when, "a moment", of.moments),
            ("fact", self.fact, "a yes/no fact", of.yes_no),
            ("then", self.then, "a moment", of.moments),
        ):
            if given not in fits:
                words = f"`{key}` of the supposition `{self.name}` takes {kind}; `{given}` is none."
                hint = f"Here it can be {', '.join(fits)}." if fits else f"`{self.list}` has none."
                yield _other_kind(words, hint)
        if value not in (options := of.options.get(unless, (value,))):
            words = f"The supposition `{self.name}` asks for `{unless}`, which is never `{value}`."
            yield _other_kind(words, f"Its values are {', '.join(map(str, options))}.")

    @property
    def facts(self) -> frozenset[str]:
        """The facts of a record that it speaks of."""
        return frozenset({self.unless[0], self.when, self.fact, self.then})


def _other_kind(words: str, hint: str) -> Problem:
    return Problem("wrong-model", "", words, hint)


@frozen
class OfList:
    """What a supposition says of one list."""

    supposition: Supposition
    name: str

    @property
    def is_complete(self) -> bool:
        """Whether the list is supposed to hold all there is."""
        return self.name in self.supposition.complete

    @property
    def facts(self) -> frozenset[str]:
        """The facts of a record that what is supposed of it hangs on."""
        so = self.supposition
        return so.facts if self.name == so.list else frozenset()

    @property
    def linked(self) -> tuple[frozenset[str], ...]:
        """Sides of a record of which one is not otherwise without the other.

        What came before the instant had it happen by then; what came later had it happen later.
        """
        so = self.supposition
        sides = frozenset({so.when}), frozenset({so.fact, so.then})
        return sides if self.name == so.list else ()

    @property
    def edges(self) -> tuple[int, ...]:
        """The instants from which on something else is supposed of a record than before."""
        return (self.supposition.before,) if self.name == self.supposition.list else ()

    def instead_of(self, fact: str, record: KnownRecord) -> Iterator[str]:
        """What leaves a fact of a record open: the fact, or, of what is supposed, whether it is."""
        so = self.supposition
        if (self.name, fact) != (so.list, so.fact):
            yield fact
            return
        unless, value = so.unless
        if {value} < record.values[unless]:
            yield unless
        if record.bounds[so.when][1] >= so.before:
            yield so.when

    def boxes(self, box: Box, list_shape: ListShape) -> Iterator[Box]:
        """What is left of a box: a record that is taken out, one that came too late, the others."""
        so = self.supposition
        if self.name != so.list:
            yield box
            return
        unless, value = so.unless
        others = list_shape.all_values[unless] - {value}
        early: Said = {unless: others, so.when: (EARLIEST, so.before - 1)}
        yield from without(box, list_shape, early)
        alleged: Said = {so.fact: frozenset({True}), so.then: (EARLIEST, so.before - 1)}
        for came in narrowed(box, list_shape, early):
            yield from narrowed(came, list_shape, alleged)
