"""Every history up to a size, in symbols on which a program can be run.

How many records there are, whether a list is complete, and which values a record leaves possible of
a yes/no fact or a word, is chosen case by case: any set of values, where one word stands for all
that the definition does not tell apart. The bounds of moments stay open: they are symbols, and may
be any bounds there are. (A moment that is not known has the whole time line as its bounds.) Of what
a definition does not speak of, nothing is known. Not among these histories are those that state a
list to be complete under conditions, and suppositions: `tests/evaluation` holds those to worlds.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any, Final, TypeAlias

from attrs import evolve, field, frozen
from symbols import Branch, Instant

from eligibility.analysis.smt.simplest import written
from eligibility.analysis.smt.solver import Term, z3
from eligibility.analysis.smt.worlds import Requirements
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Is
from eligibility.facts.boxes import Said
from eligibility.facts.known import EVERY, KnownHistory, KnownRecord, unlisted_of
from eligibility.facts.model import History, Value
from eligibility.facts.normalise import normalise_record
from eligibility.facts.paths import complete_path
from eligibility.facts.shape import YES_NO, ListShape, Shape, shape
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

#: How many records a history has in each list (`premium.count`), and which lists are complete.
Frame: TypeAlias = Mapping[str, Any]
#: What each yes/no fact and word of a record may be; all its values, where nothing is known.
Values: TypeAlias = Mapping[str, frozenset[Value]]
#: What it says of its moments: their bounds.
Stated: TypeAlias = Mapping[str, tuple[Instant, Instant]]


@frozen
class Fact:
    """A yes/no fact, or a word of a vocabulary (`words`), of which a history may tell something.

    `values` are those that are told apart, and `all_values` those there are. To the solver, each of
    `may_be` is whether a history leaves one of the values possible, and `so` what is so in a world;
    a word is its place in the vocabulary.
    """

    path: str
    values: tuple[Value, ...]
    all_values: frozenset[Value]
    words: tuple[str, ...] = ()
    may_be: tuple[Term, ...] = field(init=False, eq=False)
    so: Term = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        term = z3.Int if self.words else z3.Bool
        may_be = tuple(z3.Bool(f"may {self.path} {value}") for value in self.values)
        object.__setattr__(self, "may_be", may_be)
        object.__setattr__(self, "so", term(self.path))

    @cached_property
    def options(self) -> tuple[frozenset[Value], ...]:
        """What a history may leave possible: everything, or some of what is told apart."""
        counts = range(1, len(self.values))
        less = (some for count in counts for some in combinations(self.values, count))
        return (self.all_values, *map(frozenset, less))

    def rules(self) -> Iterator[Term]:
        """What makes it a fact of a history: something is possible."""
        yield z3.Or(self.may_be)

    def tells(self, left: frozenset[Value]) -> Term:
        """That a history leaves these values possible, and no others."""
        pairs = zip(self.values, self.may_be, strict=True)
        return z3.And([may_be == z3.BoolVal(value in left) for value, may_be in pairs])

    def told(self, value: Callable[[Term], Any]) -> Any:
        """What a history tells, by the values of the solver's terms; None is nothing."""
        pairs = zip(self.values, self.may_be, strict=True)
        left = [each for each, may_be in pairs if value(may_be)]
        return None if len(left) == len(self.values) else left[0] if len(left) == 1 else left

    def fits(self) -> Term:
        """That what is so in a world is possible by what a history tells."""
        pairs = zip(self.values, self.may_be, strict=True)
        some = [z3.And(may_be, self.so == self.term(value)) for value, may_be in pairs]
        return z3.Or(z3.And(self.may_be), *some)

    def as_possible(self, so: Term) -> Term:
        """What is so in a world of any history: this, or else the first that it leaves possible."""
        fallback = so
        for value, may_be in reversed(list(zip(self.values, self.may_be, strict=True))):
            fallback = z3.If(may_be, self.term(value), fallback)
        return z3.If(z3.substitute(self.fits(), (self.so, so)), so, fallback)

    def term(self, value: Value) -> Term:
        """A value, as the solver has it."""
        return z3.BoolVal(value) if isinstance(value, bool) else z3.IntVal(self.words.index(value))


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
            Fact(f"{name}[{at}].{fact}", values, list_shape.all_values[fact], words)
            for name, list_shape in self.lists.items()
            for fact in list_shape.values
            if (values := self._told_apart(name, list_shape, fact))
            for words in [list_shape.vocabulary.get(fact, ())]
            for at in range(self.sizes.get(name, 0))
        ]
        asked = dict.fromkeys(only.path for only in self._values_asked if "[]" not in only.path)
        told += [Fact(path, YES_NO, frozenset(YES_NO)) for path in asked]
        return {fact.path: fact for fact in told}

    def _told_apart(self, name: str, list_shape: ListShape, fact: str) -> tuple[Value, ...]:
        """The values of a fact that the definition tells apart; none where it does not ask."""
        asked = [only.values for only in self._values_asked if only.path == f"{name}[].{fact}"]
        if not asked and fact != list_shape.existence_condition:
            return ()
        if fact in list_shape.yes_no:
            return YES_NO
        words = reversed(list_shape.vocabulary[fact])
        alike: dict[object, Value] = {tuple(word in each for each in asked): word for word in words}
        return tuple(alike.values()) if len(alike) > 1 else ()

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
        stated: dict[str, dict[str, Said]] = {
            name: {complete_path(name): EVERY} for name in self.shape.lists
        }
        for name, list_shape in self.lists.items():
            if not branch.choose(f"complete.{name}", (True, False)):
                stated[name] = {}
            for at in range(branch.choose(f"{name}.count", range(self.sizes.get(name, 0) + 1))):
                known = dict(list_shape.all_values)
                for key in list_shape.values:
                    if fact := self.facts.get(f"{name}[{at}].{key}"):
                        known[key] = branch.choose(fact.path, fact.options)
                bounds = {
                    moment: branch.bounds(self.moments[name, at, moment])
                    for moment in stated_moments(list_shape, known)
                }
                for earlier, later in in_normal_form(list_shape, known, bounds):
                    branch.suppose(earlier.place, later.place, 0)
                made = known_record(list_shape, at, known, bounds)
                assert made is not None
                lists[name] += (made,)
        unlisted = {
            name: unlisted_of(self.shape.lists[name], tuple(of_list.values()))
            for name, of_list in stated.items()
        }
        answers: Any = _Answers(branch, self.shape.yes_no)
        return KnownHistory(self.shape, lists, stated, unlisted, answers)

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
        for fact in self.facts.values():
            yield from fact.rules()

    def history(self, frame: Frame, value: Callable[[Term], Any]) -> History:
        """The one history with a frame that the solver means, by the value of each of its terms."""
        lists: dict[str, list[dict[str, Any]]] = {}
        for name, list_shape in self.lists.items():
            lists[name] = []
            for at in range(frame[f"{name}.count"]):
                known: dict[str, Any] = {}
                for key in list_shape.values:
                    if fact := self.facts.get(f"{name}[{at}].{key}"):
                        known[key] = fact.told(value)
                for moment in list_shape.moments:
                    if known.get(list_shape.record.exists_if.get(moment, "")) is False:
                        continue
                    earliest, latest = self.bounds(name, at, moment)
                    known[moment] = _text(list_shape, moment, value(earliest), value(latest))
                lists[name].append(known)
        answers = {
            path: self.facts[path].told(value) for path in self.shape.yes_no if path in self.facts
        }
        complete = [name for name in self.shape.lists if frame.get(f"complete.{name}", True)]
        return written(self.definition.model, lists, answers, complete)


#: What may be known of a yes/no fact of the account.
_ANSWERS: Final = ((True, False), (True,), (False,))


class _Answers(Mapping[str, bool | None]):
    """The yes/no facts of an account, each of which is chosen when it is looked at."""

    def __init__(self, branch: Branch, names: tuple[str, ...]) -> None:
        self._branch, self._names = branch, names

    def __getitem__(self, path: str) -> bool | None:
        left: frozenset[Value] = self._branch.choose(path, tuple(map(frozenset, _ANSWERS)))
        return None if len(left) > 1 else True in left

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


# ---- one record ----------------------------------------------------------------------------------


def stated_moments(list_shape: ListShape, known: Values) -> Iterator[str]:
    """The moments of which a record may state bounds: all but those that it says never were."""
    exists_if = list_shape.record.exists_if
    for name in list_shape.moments:
        if known.get(exists_if.get(name, ""), frozenset()) != {False}:
            yield name


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
            sure = list_shape.existence_condition is None or known[
                list_shape.existence_condition
            ] == {True}
            if sure or then in exists_if or first not in exists_if:
                yield stated[first][0], stated[then][0]
            if sure or first in exists_if or then not in exists_if:
                yield stated[first][1], stated[then][1]


def known_record(
    list_shape: ListShape, at: int, known: Values, stated: Stated
) -> KnownRecord | None:
    """A record as the library normalises it, without what it said; None if it is refused."""
    told = {name: left for name, left in known.items() if left != list_shape.all_values[name]}
    made = normalise_record(list_shape, at, {**told, **dict[str, Any](stated)})
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
