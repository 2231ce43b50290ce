"""Histories while they are written: plain records by list, which become a history at the end.

`free_draft` writes any consistent history. A record is drawn around a world of its own, so that its
moments can be in their order whatever their bounds are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from attrs import define, field
from pydantic import BaseModel

from eligibility.facts.boxes import Said
from eligibility.facts.completeness import CompletenessStatement, said_of
from eligibility.facts.fields import NOT_ENDED
from eligibility.facts.known import EVERY, KnownHistory, KnownRecord
from eligibility.facts.model import History, Value
from eligibility.facts.normalise import normalise_record
from eligibility.facts.paths import complete_path, put_answer
from eligibility.facts.shape import ListShape, Shape, shape
from eligibility.testing.draw import InvalidArgument, st
from eligibility.testing.draw.instants import Draws
from eligibility.values.timeset import TimeSet

H = TypeVar("H", bound=History)
#: A record as a mapping; what it does not name is unknown.
RecordData = dict[str, Any]

_SOURCES: Final = (None, "attested", "receipt 8841")
#: Any text without surrogates. `st.text` would do, but reads a table of all characters for seconds.
_NAMES: Final = st.lists(
    st.one_of(
        st.integers(ord("0"), 0xD7FF), st.integers(0xE000, 0x10FFFF), st.integers(0, ord("/"))
    ),
    min_size=1,
    max_size=200,
).map(lambda points: "".join(map(chr, points)))
#: How many records a list gets at the most, where nobody says.
MOST: Final = 3


@define
class Draft:
    """A history that is being written."""

    draws: Draws
    seen: Shape
    lists: dict[str, list[RecordData]] = field(init=False)
    complete: set[str] = field(factory=set)
    statements: list[CompletenessStatement] = field(factory=list)
    answers: dict[str, bool] = field(factory=dict)

    @lists.default
    def _empty(self) -> dict[str, list[RecordData]]:
        return {name: [] for name in self.seen.lists}

    def facts(self) -> KnownHistory:
        """The facts of the history as it stands."""
        lists: dict[str, tuple[KnownRecord, ...]] = {}
        for name, list_shape in self.seen.lists.items():
            made = [
                known_record(list_shape, record, at) for at, record in enumerate(self.lists[name])
            ]
            lists[name] = tuple(record for record in made if record is not None)
        answers = {path: self.answers.get(path) for path in self.seen.yes_no}
        none: dict[str, dict[str, Said]] = {name: {} for name in lists}
        facts = KnownHistory(self.seen, lists, none, dict.fromkeys(lists, ()), answers)
        for name in lists:
            facts = facts.stating(name, self._stated(name))
        return facts

    def _stated(self, name: str) -> dict[str, Said]:
        stated: dict[str, Said] = {complete_path(name): EVERY} if name in self.complete else {}
        about = [each.said for each in self.statements if each.list == name]
        return stated | {complete_path(name, at): where for at, where in enumerate(about)}

    def history(self, model: type[H]) -> H:
        """The history, validated."""
        data: dict[str, Any] = {
            "account_id": "A-1001",
            "time_zone": self.draws.zone,
            "complete": [*sorted(self.complete), *self.statements],
            **self.lists,
        }
        if self.draws.rarely(20):
            data["account_id"] = self.draws.draw(_NAMES)
        for path, known in self.answers.items():
            put_answer(data, path, known)
        return model.model_validate(data)

    def label(self) -> None:
        """Give the records ids and sources, or none."""
        if self.draws.flip():
            for name, records in self.lists.items():
                for at, record in enumerate(records):
                    record["id"] = f"{name[:1]}{at + 1}"
        source = self.draws.choose(_SOURCES)
        if source is not None:
            for records in self.lists.values():
                for record in records:
                    record["source"] = source


def known_record(
    list_shape: ListShape, record: Mapping[str, Any], at: int = 0
) -> KnownRecord | None:
    """A record, normalised; None if no world fits it."""
    said = {n: said_of(record[n]) for n in list_shape.facts if record.get(n) is not None}
    made = normalise_record(list_shape, at, said)
    return made if isinstance(made, KnownRecord) else None


def free_record(draws: Draws, list_shape: ListShape) -> RecordData:
    """Any record that some world fits."""
    record = free_values(draws, list_shape)
    at: dict[str, int] = {}
    exists_if, gone = list_shape.record.exists_if, list_shape.gone(record)
    for name in list_shape.sequence:
        if name in gone:
            continue
        exists = name not in exists_if or record.get(exists_if[name]) is True
        low = after(list_shape, name, at) if exists else None
        if not (draws.flip() or draws.flip()):
            if low is not None:
                at[name] = low  # it is not said when it was, and may have been as early as that
            continue
        at[name] = x = draws.instant(TimeSet.ALL if low is None else TimeSet.since(low))
        record[name] = NOT_ENDED if ends_never(draws, list_shape, name) else draws.moment(x)
    return record


def free_values(draws: Draws, list_shape: ListShape) -> RecordData:
    """Any values of the yes/no facts and words of a record, or none, and no moment."""
    drawn = {name: one_of(draws, (None, *all_)) for name, all_ in list_shape.options.items()}
    return {name: value for name, value in drawn.items() if value is not None}


def one_of(draws: Draws, values: Sequence[Value | None]) -> Any:
    """One of some values; of words, now and then several, of which it is one."""
    words = [word for word in values if isinstance(word, str)]
    if len(words) > 1 and draws.rarely(4):
        return some_of(draws, words)
    return draws.choose(values)


def some_of(draws: Draws, words: Sequence[Any], *must: Any) -> Any:
    """Several words, or one; those that must be among them are."""
    kept = set(must) or {draws.choose(words)}
    several = tuple(word for word in words if word in kept or draws.flip())
    return several if len(several) > 1 else several[0]


def ends_never(draws: Draws, list_shape: ListShape, name: str) -> bool:
    """Whether a span is to say that it has not ended, which is the simplest that it can say."""
    return list_shape.is_end(name) and not draws.flip()


def after(list_shape: ListShape, name: str, at: Mapping[str, int]) -> int | None:
    """The instant before which a moment cannot lie, those that come first being placed."""
    before = [at[first] for first, then in list_shape.record.order if then == name and first in at]
    return max(before, default=None)


def free_draft(draws: Draws, model: type[History], sizes: Mapping[str, tuple[int, int]]) -> Draft:
    """Any consistent history, with so many records to a list, from least to most."""
    draft = Draft(draws, shape(model))
    for name, list_shape in draft.seen.lists.items():
        least, most = sizes.get(name, (0, MOST))
        count = least + draws.choose(range(most - least + 1))
        draft.lists[name] = [free_record(draws, list_shape) for _ in range(count)]
        if draws.flip():
            draft.complete.add(name)
        free_statements(draft, name)
    free_answers(draft)
    draft.label()
    return draft


def free_statements(draft: Draft, name: str) -> None:
    """State that a list holds all that meets some conditions, or two such things, or nothing."""
    draws, list_shape = draft.draws, draft.seen.lists[name]
    for _ in range(draws.choose((0, 0, 1, 2))):
        where: RecordData = {}
        for key, values in list_shape.options.items():
            if draws.rarely(3):
                where[key] = one_of(draws, values)
        for key in list_shape.moments:
            if draws.rarely(3):
                ends = ends_never(draws, list_shape, key)
                where[key] = NOT_ENDED if ends else draws.moment(draws.instant())
        if where:
            draft.statements.append(CompletenessStatement(name, where))


def free_answers(draft: Draft, but: frozenset[str] = frozenset()) -> None:
    """Any answers, or none, to the yes/no facts about the account, but for some."""
    for path in draft.seen.yes_no:
        known = draft.draws.choose((None, False, True)) if path not in but else None
        if known is not None:
            draft.answers[path] = known


def drawable(model: type[H]) -> type[H]:
    """A history model that can be drawn: of none of its fields but the id a value is required."""
    declared: list[type[BaseModel]] = [model]
    declared += [list_shape.record for list_shape in shape(model).lists.values()]
    for each in declared:
        for name, info in each.model_fields.items():
            if info.is_required() and name != "account_id":
                raise InvalidArgument(
                    f"{each.__name__}.{name} is required, so that {model.__name__} cannot be "
                    "drawn: what is not known is absent, and so every field needs a default."
                )
    return model


def sizes_of(
    seen: Shape, min_size: Mapping[str, int] | None, max_size: Mapping[str, int] | None
) -> dict[str, tuple[int, int]]:
    """How many records each list gets, from least to most, both inclusive."""
    least, most = dict(min_size or {}), dict(max_size or {})
    for name in (*least, *most):
        if name not in seen.lists:
            raise InvalidArgument(f"There is no list {name!r}; the lists are {list(seen.lists)}.")
    sizes = {}
    for name in seen.lists:
        low = least.get(name, 0)
        high = most.get(name, max(low, MOST))
        if not 0 <= low <= high:
            raise InvalidArgument(f"{name!r}: min_size={low} and max_size={high} leave no size.")
        sizes[name] = (low, high)
    return sizes
