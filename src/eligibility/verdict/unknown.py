"""What is not known: every fact that a definition speaks of and a history leaves open.

The search for those that matter (`relevance`) takes from them. Where it does not apply, or does not
come to an end, all of them are asked for.
"""

from collections.abc import Container, Iterator

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.normalise import KnownHistory, KnownRecord
from eligibility.facts.paths import complete_path, fact_path, pattern


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


def all_unknown(
    facts: KnownHistory, definition: ClassDefinition, read: Container[str]
) -> Iterator[RelevantFact]:
    """Every unknown fact that a definition speaks of; `read` are its lists of spans."""
    for path, answer in facts.answers.items():
        if answer is None and definition.speaking_of(path):
            yield RelevantFact("", None, path)
    for name, list_shape in facts.shape.lists.items():
        if name != definition.record_list and name not in read:
            continue
        for record in facts.lists[name]:
            for key in list_shape.facts:
                dependent = [
                    at
                    for at, existence_condition in list_shape.record.exists_if.items()
                    if existence_condition == key
                ]
                spoken = any(definition.speaking_of(pattern(name, at)) for at in (key, *dependent))
                if is_open(record, key) and (spoken or (name in read and key in ("start", "end"))):
                    yield RelevantFact(name, record.index, key)
        if name in facts.open:
            yield RelevantFact(name, None, "complete")


def is_open(record: KnownRecord, key: str) -> bool:
    """Whether a fact of a record may have several values."""
    values = record.values.get(key)
    if values is not None:
        return len(values) > 1
    first, last = record.bounds.get(key, (0, 0))
    return first < last
