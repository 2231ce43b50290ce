"""What is not known: every fact that a definition speaks of and a history leaves open.

The search for those that matter (`relevance`) takes from them. Where it does not apply, or does not
come to an end, all of them are asked for.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import field, frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, pattern
from eligibility.facts.shape import ListShape


@frozen(eq=False)
class ByKind:
    """Which facts can be known, where that goes by their kind: for all records of a list alike.

    `kinds` says it of a fact as conditions write it, such as `messages[].shared`.
    """

    kinds: Callable[[str], bool]
    _known: dict[str, bool] = field(init=False, factory=dict)

    def __call__(self, path: str) -> bool:
        """Whether a fact of the kind at a path can be known."""
        before, of_record, after = path.partition("[")
        if of_record and not path.startswith("complete."):  # thousands of records have few kinds
            path = f"{before}[{after[after.index(']') :]}"
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self.kinds(path)
        return known


@frozen(eq=False)
class ByRecord:
    """Which facts can be known, where that is the same for most records of a list.

    `alike` is the same for records, by list and place, of which the same facts can be.
    """

    knows: Callable[[str], bool]
    alike: Callable[[str, int], object]

    def __call__(self, path: str) -> bool:
        """Whether the fact at a path can be known."""
        return self.knows(path)


def known_alike(knowable: Callable[[str], bool], name: str, index: int) -> object:
    """What is the same for records of a list of which the same facts can be known."""
    if isinstance(knowable, ByKind):
        return 0
    return knowable.alike(name, index) if isinstance(knowable, ByRecord) else index


@frozen
class RelevantFact:
    """An unknown fact that the class may turn on.

    `list` is empty for a yes/no fact of the account; `index` is None for whether a list is
    complete. `at` are, for a moment, the instants between whose two sides the answers divide: of
    each the last of the earlier side.
    """

    list: str
    index: int | None
    field: str
    at: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """Its path in the history."""
        if not self.list:
            return self.field
        if self.index is None:
            return complete_path(self.list)
        return fact_path(self.list, self.index, self.field)


def all_unknown(facts: KnownHistory, definition: ClassDefinition) -> Iterator[RelevantFact]:
    """Every unknown fact that a definition speaks of."""
    for path, answer in facts.answers.items():
        if answer is None and definition.speaking_of(path):
            yield RelevantFact("", None, path)
    for name, list_shape in facts.shape.lists.items():
        if name != definition.record_list and name not in definition.filters:
            continue
        hanging = hanging_on(definition, name, list_shape)
        for record in facts.lists[name]:
            for key in hanging:
                if is_open(record, key):
                    yield RelevantFact(name, record.index, key)
        if name in facts.open:
            yield RelevantFact(name, None, "complete")


def hanging_on(definition: ClassDefinition, name: str, list_shape: ListShape) -> tuple[str, ...]:
    """The facts of a record that a definition can hang on.

    They are those that it speaks of, the bounds of the spans that it reads, the moments that come
    before or after one of these, and the facts without which some of them would not exist; under a
    supposition, also those that it speaks of.
    """
    found = {key for key in list_shape.facts if definition.speaking_of(pattern(name, key))}
    found |= list_shape.supposed.facts if list_shape.supposed else frozenset()
    if name in definition.filters:
        found |= {"start", "end"}
    pairs = [*list_shape.record.order, *list_shape.record.exists_if.items()]
    while more := {key for pair in pairs if found & {*pair} for key in pair} - found:
        found |= more
    return tuple(key for key in list_shape.facts if key in found)


def is_open(record: KnownRecord, key: str) -> bool:
    """Whether a fact of a record may have several values."""
    return open_of(record, (key,)) != []


def open_of(record: KnownRecord, keys: Iterable[str]) -> list[str]:
    """The facts of a record, of some, that may have several values."""
    values, bounds = record.values, record.bounds
    return [
        key
        for key in keys
        if (
            len(values[key]) > 1
            if key in values
            else key in bounds and bounds[key][0] < bounds[key][1]
        )
    ]
