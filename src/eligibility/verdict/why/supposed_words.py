"""What of a reason rests on what is supposed, in words: nothing of it comes from a source."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import evolve, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause, paths
from eligibility.evaluation.reference import membership
from eligibility.facts.known import KnownRecord
from eligibility.facts.model import History
from eligibility.facts.normalise import normalise, normalise_record, said, statements_of
from eligibility.facts.paths import complete_path, fact_path, parse, pattern
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.facts.wording import Speaker, phrases_of
from eligibility.values.moment import Moment

_SUPPOSED: Final = "as supposed"


@frozen
class SupposedWords:
    """The words of what is supposed of one history, if anything is."""

    history: History
    definition: ClassDefinition
    supposing: Supposition | None

    def noted(self, words: str, clauses: Iterable[Clause], cited: Iterable[str]) -> str:
        """Words of clauses, with a note if they rest on more than the facts that are cited."""
        so = self.supposing
        if so is None:
            return words
        at = map(parse, cited)
        asked = {path for clause in clauses for path in paths(clause.condition)}
        rests = pattern(so.list, so.fact) in asked - {path.pattern for path in at}
        return f"{words} (as supposed)" if rests else words

    def complete(self, clauses: Iterable[Clause], cited: Sequence[str]) -> str:
        """Which lists, of those that clauses ask about, are supposed to hold all there is.

        Where somebody states as much as decides, it is as stated, though no fact cites it.
        """
        if self.supposing is None:
            return ""
        asked = {path for clause in clauses for path in paths(clause.condition)}
        names = (name for name in self.supposing.complete if pattern(name) in asked)
        unsaid = [name for name in names if complete_path(name) not in cited]
        supposed = [name for name in unsaid if not self._is_stated(name)]
        stated = [p for n in unsaid if n not in supposed for p in statements_of(self.history, n)]
        speaker = Speaker(self.history)
        said = speaker.complete(stated), speaker.complete(map(complete_path, supposed), _SUPPOSED)
        return "; ".join(filter(None, said))

    def _is_stated(self, name: str) -> bool:
        """Whether what is stated of a list decides, without supposing that none is missing."""
        so = self.supposing
        if so is None or not statements_of(self.history, name):
            return False
        so, known = so.under(self.definition.reading), normalise(self.history)
        less = evolve(so, complete=tuple(each for each in so.complete if each != name))
        first, second = (membership(each.suppose(known), self.definition) for each in (so, less))
        return first == second

    def moment(
        self, clauses: Iterable[Clause], cited: Sequence[str], records: Sequence[int]
    ) -> Iterator[str]:
        """When it happened to the one record, if clauses ask for that, as it is supposed."""
        so, name = self.supposing, self.definition.record_list
        if so is None or name != so.list or len(records) != 1:
            return
        (index,), moment = records, pattern(so.list, so.then)
        asked = any(moment in paths(clause.condition) for clause in clauses)
        if not asked or fact_path(name, index, so.then) in cited:
            return
        list_shape = so.under(self.definition.reading).of(shape(type(self.history))).lists[name]
        known = said(list_shape, getattr(self.history, name)[index])
        record = normalise_record(list_shape, index, known)
        if isinstance(record, KnownRecord) and record.bounds[so.then] != known.get(so.then):
            at = Moment.between(*record.bounds[so.then], self.history.time_zone)
            words = phrases_of(moment, type(self.history)).of_value(
                None, Speaker(self.history).when(at)
            )
            yield f"it {words} (as supposed)"
