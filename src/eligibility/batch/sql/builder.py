"""A plan as it grows: steps one upon the other, by what some definitions ask."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from attrs import define, field, frozen
from sqlglot import exp

from eligibility.batch.sql.coverage import Spans
from eligibility.batch.sql.plan import Step
from eligibility.batch.sql.propagate import given_of, record_sql
from eligibility.batch.sql.records import RecordTest, WindowPart, slots_of
from eligibility.batch.sql.supposing import SupposedSql
from eligibility.batch.tables.schema import contract
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever
from eligibility.definition.normal_form import Disjunct
from eligibility.errors import InvalidDefinition, Problem
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition

#: What the table of accounts is called where others stand beside it.
ACCOUNT: Final = "a"
#: The step of the accounts that are left to the reference.
LEFT: Final = "left_to_evaluate"


@frozen
class Variant:
    """Definitions under which the same is supposed; `suffix` ends the names of their steps.

    `supposed`: what is supposed of the records that they ask for, as far as SQL can say it.
    """

    supposing: Supposition | None
    definitions: tuple[ClassDefinition, ...]
    suffix: str
    supposed: SupposedSql | None


@define
class PlanBuilder:
    """A plan as it grows, for definitions that are decided by together."""

    definitions: Sequence[ClassDefinition]
    supposing: Supposition | None
    steps: list[Step] = field(factory=list)
    by_account: list[str] = field(factory=list)

    @property
    def first(self) -> ClassDefinition:
        """One of the definitions: all are about one list of one model, and read spans alike."""
        return self.definitions[0]

    @property
    def record_list(self) -> str:
        """The list of the record that they ask for; empty if none of them asks for one."""
        return next((each.record_list for each in self.definitions if each.record_list), "")

    def add(self, name: str, query: exp.Query, words: str, *, surely: bool | None = None) -> str:
        """Add a step, of a pass or of none; its name.

        Raises:
            InvalidDefinition: `not-compilable`, a list of the model has that name.
        """
        if name in contract(self.first.model):
            message = f"The list `{name}` has a name that the statement gives to something else."
            hint = "Rename the list."
            raise InvalidDefinition([Problem("not-compilable", name, message, hint)])
        self.steps.append(Step(name, query, words, surely))
        return name

    def add_by_account(self, name: str, query: exp.Query, words: str, *, surely: bool) -> None:
        """Add a step that has at most one row for each account, and counts in the end."""
        self.by_account.append(self.add(name, query, words, surely=surely))

    def whole(self, name: str) -> bool:
        """Whether a list is supposed to hold all there is."""
        return self.supposing is not None and name in self.supposing.complete

    @cached_property
    def variants(self) -> list[Variant]:
        """What is supposed under some of the definitions, for all of them: mostly one thing."""
        found: dict[Supposition | None, list[ClassDefinition]] = {}
        for definition in self.definitions:
            under = self.supposing and self.supposing.under(definition.reading)
            found.setdefault(under, []).append(definition)
        return [
            Variant(under, tuple(definitions), f"_{at}" if at > 1 else "", self._supposed(under))
            for at, (under, definitions) in enumerate(found.items(), 1)
        ]

    def _supposed(self, under: Supposition | None) -> SupposedSql | None:
        if under is None or under.list != self.record_list:
            return None
        read = contract(self.first.model)[under.list]
        supposed = SupposedSql(under, read, shape(self.first.model).lists[under.list])
        return supposed if supposed.is_plain else None

    def variant(self, definition: ClassDefinition) -> Variant:
        """The one that a definition is of."""
        return next(each for each in self.variants if definition in each.definitions)

    def spans(self, name: str) -> Spans:
        """A list of spans, read by the filter that the definitions read it by."""
        where = next(
            leaf.where
            for definition in self.definitions
            for leaf in last_disjunct(definition).span_leaves
            if leaf.spans == name
        )
        read = contract(self.first.model)[name]
        record = record_sql(given_of(read), shape(self.first.model).lists[name])
        return Spans(name, read, record, where, self.whole(name))

    @cached_property
    def slots(self) -> list[WindowPart]:
        """The parts of the windows."""
        found = (slot for each in self.definitions for slot in slots_of(last_disjunct(each)))
        return sorted(dict.fromkeys(found), key=lambda slot: slot.is_gap)

    @cached_property
    def evers(self) -> list[Ever]:
        """What is asked of the spans of the account alone."""
        found = (ever for each in self.definitions for ever in last_disjunct(each).evers)
        return list(dict.fromkeys(found))

    def record_test(self, definition: ClassDefinition, *, surely: bool) -> RecordTest | None:
        """What a definition asks of one record, if it asks for one at all."""
        if definition.list_shape is None or definition.record_list is None:
            return None
        read = contract(definition.model)[definition.record_list]
        test = RecordTest(definition, read, definition.list_shape, surely)
        return test if test.before < len(test.disjuncts) else None

    @cached_property
    def furthest(self) -> Mapping[int, int]:
        """By place, the place of the definition that says how far records get by a definition.

        It is the longest of those that ask the same of records, under the same supposition.
        """
        alike: dict[object, list[int]] = {}
        for at, definition in enumerate(self.definitions):
            test = self.record_test(definition, surely=True)
            if test is not None:
                key = (self.variant(definition).suffix, test.asked)
                alike.setdefault(key, []).append(at)
        longest = [max(p, key=lambda at: len(self.definitions[at].steps)) for p in alike.values()]
        return {at: place for place, of in zip(longest, alike.values(), strict=True) for at in of}


def last_disjunct(definition: ClassDefinition) -> Disjunct:
    """All that a definition asks, of the account and of one record."""
    return definition.normal_form.disjuncts[0]


def pass_name(*, surely: bool) -> str:
    """The word for a pass; the names of its steps begin with it."""
    return "surely" if surely else "possibly"
