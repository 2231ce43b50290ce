"""Facts that someone alleges, used to fill what a history leaves unknown.

A supposition refines the history and never the definition. What the history says stands, also
where it contradicts the allegation. Where a word of the allegation is one that readings differ on,
it means what it means under the reading in force: `under` says which that is.
"""

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import evolve, field, frozen

from eligibility.arguments import checked, expect, several
from eligibility.errors import InvalidHistory, Problem
from eligibility.facts.model import History, Value
from eligibility.facts.paths import complete_path, fact_path
from eligibility.facts.refinement import bounds_text, refine
from eligibility.facts.shape import Shape, shape
from eligibility.values.citation import Citation
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

H = TypeVar("H", bound=History)


@frozen(field_transformer=checked)
class Supposition:
    """Every record of a list that came before some instant had something happen to it by then.

    Args:
        name, text, citation: what is supposed, and who alleges it.
        list: the list of records that it is about.
        unless: a field and the known value that takes a record out.
        when, before: only records whose moment `when` surely lies before this instant.
        before_under: what `before` is instead under some readings: a dimension, its word, and the
            instant. The first that the reading in force says counts.
        fact, then: the yes/no fact that is supposed true, and the moment of it: not before the
            record's own moment, and before the instant.
        complete: lists that are supposed to hold all there is.

    Where it is not known whether `unless` takes a record out, the record is filled as if it did
    not: only then can it matter to the class. A record that may have come too late is left alone.
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

    def apply(self, history: H) -> H:
        """The history as it would be known if this were so; it refines the history.

        `before` is taken as it stands: of a definition, apply what is supposed `under` its reading.

        Raises:
            InvalidHistory: `wrong-model`, the history has no such list or facts.
        """
        expect(history, History, "history")
        self.expect(type(history))
        refinement: dict[str, Any] = {complete_path(name): True for name in self.complete}
        for index, record in enumerate(getattr(history, self.list)):
            for name, value in self._filled(record, history).items():
                refinement[fact_path(self.list, index, name)] = value
        return refine(history, refinement)

    def expect(self, model: type[History]) -> None:
        """Refuse a model that has no such list or facts.

        Raises:
            InvalidHistory: `wrong-model`.
        """
        expect(model, type[History], "model")
        if not self._fits(shape(model)):
            words = f"The supposition `{self.name}` speaks of another kind of history."
            raise InvalidHistory([Problem("wrong-model", "", words, "Leave the supposition out.")])

    def _fits(self, seen: Shape) -> bool:
        needed = {self.unless[0], self.when, self.fact, self.then}
        return {self.list, *self.complete} <= seen.lists.keys() and needed <= set(
            seen.lists[self.list].facts
        )

    def _filled(self, record: Any, history: History) -> dict[str, Any]:
        field, value = self.unless
        came = getattr(record, self.when) or _ANY
        happened = getattr(record, self.then) or _ANY
        if (
            getattr(record, field) == value
            or getattr(record, self.fact) is False
            or came.latest >= self.before
        ):
            return {}
        earliest = max(came.earliest, happened.earliest)
        latest = min(self.before - 1, happened.latest)
        if earliest > latest:
            return {}  # what is known contradicts the allegation, and stands
        filled: dict[str, Any] = {self.fact: True}
        if (earliest, latest) != (happened.earliest, happened.latest):
            filled[self.then] = bounds_text(earliest, latest, history)
        return filled


_ANY = Moment.between(EARLIEST, LATEST)
