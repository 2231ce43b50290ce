"""Every history up to a size, in symbols on which a program can be run.

How many records there are, whether a list is complete, and what a record says of a yes/no fact or
a vocabulary, is chosen case by case; one word stands for all that the definition does not tell
apart. The bounds of moments stay open: they are symbols, and may be any bounds there are. (A moment
that is not known has the whole time line as its bounds.) Of what a definition does not speak of,
nothing is known.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from attrs import evolve, field, frozen
from symbols import Branch, Instant

from eligibility.analysis.smt.simplest import written
from eligibility.analysis.smt.solver import Term, z3
from eligibility.analysis.smt.worlds import Requirements
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is
from eligibility.facts.model import History, Value
from eligibility.facts.normalise import KnownHistory, KnownRecord, normalise_record
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

#: How many records a history has in each list (`premium.count`), and which lists are complete.
Frame: TypeAlias = Mapping[str, Any]
#: What a record says of its yes/no facts and vocabularies; None is unknown.
Values: TypeAlias = Mapping[str, Value | None]
#: What it says of its moments: their bounds.
Stated: TypeAlias = Mapping[str, tuple[Instant, Instant]]


@frozen
class Fact:
    """A yes/no fact, or a word of a vocabulary (`words`), that a history may tell.

    To the solver, `said` is whether a history tells it, `says` what it tells, and `so` what is so
    in a world; a word is its place in the vocabulary.
    """

    path: str
    options: tuple[Value | None, ...]
    words: tuple[str, ...] = ()
    said: Term = field(init=False, eq=False)
    says: Term = field(init=False, eq=False)
    so: Term = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        term = z3.Int if self.words else z3.Bool
        object.__setattr__(self, "said", z3.Bool(f"said {self.path}"))
        object.__setattr__(self, "says", term(f"says {self.path}"))
        object.__setattr__(self, "so", term(self.path))

    def tells(self, value: object) -> Term:
        """That a history tells this value, or None: that it tells nothing."""
        if value is None:
            return z3.Not(self.said)
        told = self.words.index(value) if isinstance(value, str) else z3.BoolVal(value)
        return z3.And(self.said, self.says == told)

    def told(self, value: Callable[[Term], Any]) -> Value | None:
        """What a history tells, by the values of the solver's terms."""
        if not value(self.said):
            return None
        says = value(self.says)
        return self.words[says] if self.words else bool(says)


@frozen(eq=False)
class Histories:
    """All histories that a definition speaks of, with up to so many records in each list."""

    definition: ClassDefinition
    sizes: Mapping[str, int]

    @cached_property
    def shape(self) -> Shape:
        """The shape of the history model."""
        return shape(self.definition.model)

    @cached_property
    def asked(self) -> Requirements:
        """All that the definition asks for."""
        return Requirements.by(self.definition)

    @cached_property
    def lists(self) -> dict[str, ListShape]:
        """The lists that the definition speaks of."""
        return {name: self.shape.lists[name] for name in self.asked.lists}

    @cached_property
    def moments(self) -> dict[tuple[str, int, str], int]:
        """Every moment of every record there may be, and the place of its earliest bound."""
        moments = [
            (name, at, moment)
            for name, list_shape in self.lists.items()
            for at in range(self.sizes.get(name, 0))
            for moment in list_shape.moments
        ]
        return {each: 1 + 2 * count for count, each in enumerate(moments)}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every fact that bears on the definition, by its path."""
        told = [
            Fact(f"{name}[{at}].{fact}", options, list_shape.vocabulary.get(fact, ()))
            for name, list_shape in self.lists.items()
            for fact in list_shape.values
            if len(options := self._options(name, list_shape, fact)) > 1
            for at in range(self.sizes.get(name, 0))
        ]
        asked = dict.fromkeys(only.path for only in self._values_asked if "[]" not in only.path)
        told += [Fact(path, (None, True, False)) for path in asked]
        return {fact.path: fact for fact in told}

    def _options(self, name: str, list_shape: ListShape, fact: str) -> tuple[Value | None, ...]:
        """What may be known of a fact: nothing, or one of the values that are told apart."""
        asked = [only.values for only in self._values_asked if only.path == f"{name}[].{fact}"]
        if not asked and fact != list_shape.existence_condition:
            return (None,)
        if fact in list_shape.yes_no:
            return (None, True, False)
        words = reversed(list_shape.vocabulary[fact])
        alike: dict[object, Value] = {tuple(word in each for each in asked): word for word in words}
        return (None, *alike.values())

    @cached_property
    def _values_asked(self) -> tuple[Is, ...]:
        found = list(self.asked.leaves())
        direct = [leaf for leaf in found if isinstance(leaf, Is)]
        return (*direct, *(only for leaf in found for only in getattr(leaf, "where", ())))

    def normalised(self, branch: Branch) -> KnownHistory:
        """The facts of the histories of a branch, normalised by the library.

        They are in normal form: what follows from the known order is said already (see `readying`).
        """
        lists: dict[str, tuple[KnownRecord, ...]] = dict.fromkeys(self.shape.lists, ())
        is_open = set()
        for name, list_shape in self.lists.items():
            if not branch.choose(f"complete.{name}", (True, False)):
                is_open.add(name)
            for at in range(branch.choose(f"{name}.count", range(self.sizes.get(name, 0) + 1))):
                known: dict[str, Any] = dict.fromkeys(list_shape.values)
                for key in list_shape.values:
                    if fact := self.facts.get(f"{name}[{at}].{key}"):
                        known[key] = branch.choose(fact.path, fact.options)
                stated = {
                    moment: branch.bounds(self.moments[name, at, moment])
                    for moment in stated_moments(list_shape, known)
                }
                for earlier, later in in_normal_form(list_shape, known, stated):
                    branch.suppose(earlier.place, later.place, 0)
                made = known_record(list_shape, at, known, stated)
                assert made is not None
                lists[name] += (made,)
        return KnownHistory(
            self.shape, lists, frozenset(is_open), _Answers(branch, self.shape.yes_no)
        )

    # ---- to the solver -------------------------------------------------------------------------

    def frame_of(self, branch: Branch) -> Frame:
        """What was chosen of the frame of the histories of a branch."""
        return {path: each for path, each in branch.chosen.items() if path not in self.facts}

    def of_branch(self, branch: Branch) -> Term:
        """That a history is one of a branch, given its frame."""
        told = [
            self.facts[path].tells(v) for path, v in branch.chosen.items() if path in self.facts
        ]
        return z3.And(*differences(branch), *told)

    def bounds(self, name: str, at: int, moment: str) -> tuple[Term, Term]:
        """The bounds of a moment."""
        place = self.moments[name, at, moment]
        return symbol(place), symbol(place + 1)

    def rules(self) -> Iterator[Term]:
        """What makes it a history: the bounds of each moment lie on the time line, and in order."""
        for each in self.moments:
            earliest, latest = self.bounds(*each)
            yield from (earliest >= EARLIEST, earliest <= latest, latest <= LATEST)

    def history(self, frame: Frame, value: Callable[[Term], Any]) -> History:
        """The one history with a frame that the solver means, by the value of each of its terms."""
        lists: dict[str, list[dict[str, Any]]] = {}
        for name, list_shape in self.lists.items():
            lists[name] = []
            for at in range(frame[f"{name}.count"]):
                known: dict[str, Any] = dict.fromkeys(list_shape.values)
                for key in list_shape.values:
                    if fact := self.facts.get(f"{name}[{at}].{key}"):
                        known[key] = fact.told(value)
                for moment in stated_moments(list_shape, known):
                    earliest, latest = self.bounds(name, at, moment)
                    known[moment] = _text(list_shape, moment, value(earliest), value(latest))
                lists[name].append(known)
        answers = {
            path: self.facts[path].told(value) for path in self.shape.yes_no if path in self.facts
        }
        complete = [name for name in self.shape.lists if frame.get(f"complete.{name}", True)]
        return written(self.definition.model, lists, answers, complete)


class _Answers(Mapping[str, bool | None]):
    """The yes/no facts of an account, each of which is chosen when it is looked at."""

    def __init__(self, branch: Branch, names: tuple[str, ...]) -> None:
        self._branch, self._names = branch, names

    def __getitem__(self, path: str) -> bool | None:
        return self._branch.choose(path, (None, True, False))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


# ---- one record ----------------------------------------------------------------------------------


def stated_moments(list_shape: ListShape, known: Values) -> Iterator[str]:
    """The moments of which a record may state bounds: all but those that it says never were."""
    exists_if = list_shape.record.exists_if
    return (name for name in list_shape.moments if known.get(exists_if.get(name, "")) is not False)


def in_normal_form(
    list_shape: ListShape, known: Values, stated: Stated
) -> Iterator[tuple[Instant, Instant]]:
    """Bounds of which the one is not later than the other, where nothing is left to follow.

    What comes first narrows what follows, and what follows narrows what came first; but a moment
    that may not exist narrows only others of its kind.
    """
    exists_if = list_shape.record.exists_if
    for first, then in list_shape.record.order:
        if first in stated and then in stated:
            sure = (
                list_shape.existence_condition is None
                or known[list_shape.existence_condition] is True
            )
            if sure or then in exists_if or first not in exists_if:
                yield stated[first][0], stated[then][0]
            if sure or first in exists_if or then not in exists_if:
                yield stated[first][1], stated[then][1]


def known_record(
    list_shape: ListShape, at: int, known: Values, stated: Stated
) -> KnownRecord | None:
    """A record as the library normalises it, without what it said; None if it is refused."""
    told: dict[str, Any] = {fact: value for fact, value in known.items() if value is not None}
    made = normalise_record(list_shape, at, told | dict(stated))
    return evolve(made, said={}) if isinstance(made, KnownRecord) else None


# ---- terms ---------------------------------------------------------------------------------------


def symbol(place: int) -> Term:
    """A symbol as a number of the solver; place 0 is the instant 0."""
    return z3.Int(f"symbol{place}") if place else z3.IntVal(0)


def differences(branch: Branch) -> list[Term]:
    """What was decided of symbols in a branch."""
    return [symbol(x) - symbol(y) <= most for x, y, most in branch.differences]


def _text(list_shape: ListShape, moment: str, earliest: int, latest: int) -> str | None:
    if (earliest, latest) == (EARLIEST, LATEST):
        return None
    if earliest == LATEST and list_shape.is_spans and moment == "end":
        return ".."
    return Moment.between(earliest, latest).text
