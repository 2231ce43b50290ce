"""Writes histories to a verdict: eligible, ineligible, indeterminate, or inconsistent.

A scene is written around a core, and then other records beside it. What they could spoil they are
kept from, by the reference's own views of what surely and what possibly holds. Now and then any
history is written first, and taken if it happens to be what is asked for; no draw is ever rejected.
"""

from functools import lru_cache

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, Is, Leaf
from eligibility.evaluation.reference import Possibly, Surely, membership
from eligibility.facts.known import KnownHistory
from eligibility.facts.model import History
from eligibility.facts.normalise import blank
from eligibility.facts.paths import complete_path, parse
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw import InvalidArgument
from eligibility.testing.draw.histories import (
    MOST,
    Draft,
    RecordData,
    free_draft,
    free_record,
    free_statements,
    known_record,
    one_of,
)
from eligibility.testing.draw.instants import Draws
from eligibility.testing.draw.scene import Scene
from eligibility.testing.draw.spans import SpanDrawer
from eligibility.testing.draw.statements import close
from eligibility.testing.draw.turning import breaches, disjunct_of, openings
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Truth


def eligible_draft(draws: Draws, definition: ClassDefinition) -> Draft:
    """An account that is in the class in every world."""
    if draws.rarely(4):
        draft = free_draft(draws, definition.model, {})
        if membership(draft.facts(), definition) == Truth.TRUE:
            return draft
    scene = Scene(draws, definition)
    scene.write()
    draft = _peopled(scene, (_split(scene) if draws.rarely(8) else []) + _free(scene))
    return _stating(draft, definition)


def _split(scene: Scene) -> list[RecordData]:
    """If it can be, put another record beside the core, so that one of the two is in, not which.

    The one is covered by a span where the other is not, and the span may be cut either way.
    """
    core, disjunct = scene.core, disjunct_of(scene.definition)
    for name, test in disjunct.moments.items():
        first, last = core.hulls[name] if core else (0, 0)
        alone = [
            c for c in test.covered if sum(o.spans == c.spans for o in disjunct.span_leaves) == 1
        ]
        if core is not None and first < last and alone:
            list_shape = scene.draft.seen.lists[alone[0].spans]
            at = scene.draws.instant(TimeSet.of((first, last - 1)))
            span = SpanDrawer(scene.draws, list_shape, alone[0].where).crossing(at)
            scene.draft.lists[alone[0].spans] = [span]
            other = {**core.record, name: Moment.at(at + 1)}
            core.record[name] = Moment.at(at)
            return [other]
    return []


def ineligible_draft(draws: Draws, definition: ClassDefinition, because: str | None) -> Draft:
    """An account that is in the class in no world; a reason names the clause `because`."""
    reached = failable(definition)
    choices = (*((None,) if definition.record_list else ()), *reached)
    chosen = because or draws.choose(choices)
    if chosen is None:
        scene = Scene(draws, definition)
        scene.write_around(None)
        return _stating(_kept_out(scene), definition)
    broken = draws.choose(reached[chosen])
    scene = Scene(draws, definition, broken)
    scene.write()
    of_account = _is_of_account(broken)
    return _stating(_peopled(scene, _free(scene)) if of_account else _kept_out(scene), definition)


def indeterminate_draft(draws: Draws, definition: ClassDefinition, turning_on: str | None) -> Draft:
    """An account that is in the class in some worlds; it can turn on the fact `turning_on`."""
    if turning_on is None and not draws.rarely(4):
        draft = free_draft(draws, definition.model, {})
        if membership(draft.facts(), definition) == Truth.UNKNOWN:
            return draft
    found = openings(definition)
    path = turning_on or draws.choose(tuple(found))
    scene = Scene(draws, definition, opening=draws.choose(found[path]))
    scene.write()
    if path == complete_path(str(definition.record_list)):
        scene.core = None
        draft = _kept_out(scene, closed=False)
        return _stating(draft, definition)
    facts = scene.draft.facts()
    others = [_unless_surely_in(scene, facts, record) for record in _free(scene)]
    draft = _peopled(scene, [record for record in others if record is not None])
    return _stating(draft, definition, but=path)


def _stating(draft: Draft, definition: ClassDefinition, *, but: str = "") -> Draft:
    """The account, with statements about its lists that leave its status as it is, or with none.

    `but` is the path of the completeness of a list about which nothing is to be stated.
    """
    if not draft.draws.flip():
        return draft
    truth = membership(draft.facts(), definition)
    for name in draft.seen.lists:
        so_far = list(draft.statements)
        if name not in draft.complete and complete_path(name) != but:
            free_statements(draft, name)
        if len(so_far) < len(draft.statements) and membership(draft.facts(), definition) != truth:
            draft.statements = so_far
    return draft


def contradictable(model: type[History]) -> dict[str, ListShape]:
    """The lists whose records can contradict themselves: moments in an order, or that may not be.

    Nothing else that a history says can contradict what it says elsewhere.
    """
    return {
        name: list_shape
        for name, list_shape in shape(model).lists.items()
        if list_shape.record.order or list_shape.record.exists_if
    }


def inconsistent_draft(draws: Draws, model: type[History]) -> Draft:
    """An account that no world fits: one record at least contradicts itself."""
    lists = contradictable(model)
    if not lists:
        raise InvalidArgument(f"No record of {model.__name__} can contradict itself.")
    draft = free_draft(draws, model, {})
    name = draws.choose(tuple(lists))
    list_shape = lists[name]
    exists_if, record = list_shape.record.exists_if, free_record(draws, list_shape)
    first, then = draws.choose(
        (
            *list_shape.record.order,
            *((existence_condition, at) for at, existence_condition in exists_if.items()),
        )
    )
    if first in list_shape.yes_no:
        record |= {first: False, then: draws.moment(draws.instant())}
    else:
        record |= {exists_if[moment]: True for moment in (first, then) if moment in exists_if}
        at = draws.instant(TimeSet.since(EARLIEST + 1))
        record[first] = draws.within(TimeSet.since(at))
        record[then] = draws.within(TimeSet.before(at))
    _insert(draws, draft.lists[name], record)
    return draft


@lru_cache(maxsize=256)
def failable(definition: ClassDefinition) -> dict[str, list[Leaf]]:
    """The clauses that an account can fail, by id, and for each the leaves at which it can."""
    return {step.id: found for step in definition.steps if (found := breaches(definition, step))}


def _is_of_account(leaf: Leaf) -> bool:
    return isinstance(leaf, Ever) or (isinstance(leaf, Is) and not parse(leaf.path).is_pattern)


# ---- the records beside the core ----


def _free(scene: Scene) -> list[RecordData]:
    """Any other records."""
    list_shape = scene.definition.list_shape
    if list_shape is None:
        return []
    return [free_record(scene.draws, list_shape) for _ in range(scene.draws.choose(range(MOST)))]


def _insert(draws: Draws, records: list[RecordData], record: RecordData) -> None:
    records.insert(draws.choose(range(len(records) + 1)), record)


def _peopled(scene: Scene, others: list[RecordData]) -> Draft:
    """The account with the core, if there is one, among other records."""
    record_list, draft = scene.definition.record_list, scene.draft
    if record_list is not None:
        records = list(others)
        if scene.core is not None:
            _insert(scene.draws, records, scene.core.record)
        draft.lists[record_list] = records
        if scene.draws.flip():
            draft.complete.add(record_list)
    draft.label()
    return draft


def _kept_out(scene: Scene, *, closed: bool = True) -> Draft:
    """The account with the core among other records, of which none is possibly in.

    If it is `closed`, nor is any that nobody listed; if not, the list may lack one that is in.
    """
    definition, draft = scene.definition, scene.draft
    facts = draft.facts()
    others = [_failing(scene, facts, record) for record in _free(scene)]
    _peopled(scene, [record for record in others if record is not None])
    record_list, list_shape = definition.record_list, definition.list_shape
    if record_list is not None and list_shape is not None:
        view, disjunct = Possibly(facts, definition), disjunct_of(definition)
        times = view.times(disjunct)
        if not closed:
            draft.complete.discard(record_list)
        elif view.account(disjunct) and view.meets(blank(list_shape, 0), disjunct, times):
            bounds = {name: within.spans for name, within in times.items()}
            hulls = {name: (spans[0][0], spans[-1][1]) for name, spans in bounds.items()}
            draft.complete.discard(record_list)
            close(draft, record_list, disjunct.values, hulls)
    return draft


def _unless_surely_in(scene: Scene, facts: KnownHistory, record: RecordData) -> RecordData | None:
    """The record, or one that fails if it is in, in every world."""
    definition, disjunct = scene.definition, disjunct_of(scene.definition)
    view, list_shape = Surely(facts, definition), definition.list_shape
    known = known_record(list_shape, record) if list_shape else None
    if known is None or not (
        view.account(disjunct) and view.meets(known, disjunct, view.times(disjunct))
    ):
        return record
    return _failing(scene, facts, record)


def _failing(scene: Scene, facts: KnownHistory, record: RecordData) -> RecordData | None:
    """The record, or one that is out in every world; None if there is none."""
    definition, disjunct, draws = scene.definition, disjunct_of(scene.definition), scene.draws
    view, list_shape = Possibly(facts, definition), definition.list_shape
    times = view.times(disjunct)
    known = known_record(list_shape, record) if list_shape else None
    if list_shape is None or known is None:
        return record
    if not (view.account(disjunct) and view.meets(known, disjunct, times)):
        return record
    values = {
        name: strange
        for name, allowed in disjunct.values.items()
        if (strange := [value for value in list_shape.options[name] if value not in allowed])
    }
    outside = {name: ~within for name, within in times.items() if within != TimeSet.ALL}
    if not values and not outside:
        return None
    name = draws.choose((*values, *outside))
    if name in values:
        record = {**record, name: one_of(draws, values[name])}
        gone = list_shape.gone(record)
    else:
        record = {**record, name: draws.within(outside[name])}
        gone = tuple(other for other in list_shape.moments if other != name)
    return {key: value for key, value in record.items() if key not in gone}
