"""The worlds that histories can be refined to, said to the solver."""

from collections.abc import Iterator, Mapping

from symbolic_histories import Frame, Histories, Values

from eligibility.analysis.smt.solver import Term, z3
from eligibility.analysis.smt.worlds import SymbolicRecord, Worlds, symbolic_record
from eligibility.definition.conditions import Ever, Within


class Refinements:
    """The worlds of all histories that have one frame.

    `rules` make them that; `inside` is that they are in the class. A world consists of the `facts`
    that a history may tell; of `moments`, those of listed records beside their bounds; and of what
    is `free`. `unlisted` says which records are there that no history lists.
    """

    def __init__(self, histories: Histories, frame: Frame) -> None:
        self.histories = histories
        self.frame = frame
        self.facts = [fact for path, fact in histories.facts.items() if "[" not in path]
        self.moments: list[tuple[Term, tuple[Term, ...]]] = []
        self.free: list[Term] = []
        self.unlisted: list[Term] = []
        self.rules: list[Term] = []
        lists: dict[str, tuple[SymbolicRecord, ...]] = dict.fromkeys(histories.shape.lists, ())
        for name, list_shape in histories.lists.items():
            count = frame[f"{name}.count"]
            places = [
                symbolic_record(list_shape, f"{name}[{at}]")
                for at in range(count + self._more(name))
            ]
            for at, place in enumerate(places):
                if at < count:
                    self._list(name, at, place)
                else:
                    self.unlisted.append(place.there)
                    self.free += [place.there, *(place.facts[key] for key in list_shape.values)]
                    self.moments += [(place.facts[moment], ()) for moment in list_shape.moments]
            lists[name] = tuple(places)
        answers = {fact.path: fact.so for fact in self.facts if "[" not in fact.path}
        worlds = Worlds(histories.definition.model, lists, answers)
        self.rules += [fact.fits() for fact in self.facts]
        self.rules += worlds.rules()
        self.inside = worlds.in_class(histories.asked)

    @property
    def bounds(self) -> list[Term]:
        """The bounds of all moments of listed records."""
        return [bound for _, own in self.moments for bound in own]

    @property
    def said(self) -> list[Term]:
        """All that a history says."""
        return self.bounds + [may_be for fact in self.facts for may_be in fact.may_be]

    @property
    def edges(self) -> set[int]:
        """The first and the last instants of all times that the definition names."""
        leaves = self.histories.asked.leaves()
        times = [leaf.times for leaf in leaves if isinstance(leaf, Within | Ever)]
        return {at for each in times for span in each.spans for at in span}

    def _more(self, name: str) -> int:
        """How many records that no history lists can matter, in a list that is not complete.

        To be in the class, as many as it asks for; to be out of it, one span in the way of each
        record that is listed. `compare` says why this is enough.
        """
        if self.frame[f"complete.{name}"]:
            return 0
        asked = self.histories.asked
        taken = self.frame[f"{asked.record_list}.count"] if asked.record_list else 0
        return max(asked.for_it(name), taken * asked.against_it(name))

    def _list(self, name: str, at: int, place: SymbolicRecord) -> None:
        stated = {m: self.histories.bounds(name, at, m) for m in place.list_shape.moments}
        self.moments += [(place.facts[moment], own) for moment, own in stated.items()]
        self.rules += [place.there, *bounded(place, stated)]
        self.free.append(place.there)
        for key in place.list_shape.values:
            fact = self.histories.facts.get(f"{name}[{at}].{key}")
            if fact is None:
                self.free.append(place.facts[key])
            else:
                self.facts.append(fact)


def bounded(place: SymbolicRecord, stated: Mapping[str, tuple[Term, Term]]) -> Iterator[Term]:
    """That the moments of a record lie within their bounds, as far as they exist."""
    for moment, (earliest, latest) in stated.items():
        inside = z3.And(earliest <= place.facts[moment], place.facts[moment] <= latest)
        yield z3.Implies(place.exists(moment), inside)


def knows(place: SymbolicRecord, known: Values) -> Iterator[Term]:
    """That what is known of a record is so."""
    for fact, left in known.items():
        if left != place.list_shape.all_values[fact]:
            yield place.is_one_of(fact, left)
