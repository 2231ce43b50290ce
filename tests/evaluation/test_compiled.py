"""The compiled twin says what the reference says, or leaves it to the reference; and is held to it.

The long run is `benchmarks/twin_run.py`.
"""

import gc
import pickle
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from random import Random
from typing import Any

import attrs
import pytest
from mutation import mutants
from oracle_histories import random_history, rich_history
from pydantic import ConfigDict
from small_case import Club, Visit, club
from small_worlds import instant
from twin_cases import (
    Group,
    Post,
    all_arrived,
    around,
    by_the_law,
    differing,
    groups,
    jointly,
    posted,
    small,
)
from workshop import Workshop, all_extended, all_mended, workshop

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Covered,
    Ever,
    History,
    InconsistentHistory,
    Is,
    Moment,
    Supposition,
    TimeSet,
    Uncovered,
    Within,
    any_of,
    evaluate,
    read_history,
)
from eligibility.evaluation import compiled as compiling
from eligibility.evaluation.compiled import clauses_met, compiled, source
from eligibility.facts.boxes import ANY_TIME
from eligibility.facts.normalise import normalise
from eligibility.facts.rows import row_lines, rows_of
from eligibility.facts.shape import shape
from eligibility.rules import AS_ALLEGED, Reading, class_definition

PAID = Is("visits[].paid", True)
EARLY, LATE = TimeSet.before(instant(2)), TimeSet.since(instant(2))
BROKE, FIXED, CAME = "repairs[].broke", "repairs[].fixed", "visits[].came"
PACKED, SENT, ARRIVED = "parcels[].packed", "parcels[].sent", "parcels[].arrived"


def test_the_twin_says_what_the_reference_says() -> None:
    """Every reading with and without its supposition, other models, drawn definitions."""
    seen = Counter[str]()
    for group in groups(Random(17)):
        found, handed_on = differing(group)
        assert found == [], (group.definition, group.definition.clauses, group.supposing)
        seen["decided"] += len(group.histories) - handed_on
        seen["handed on"] += handed_on
        if sum(seen.values()) > 6_000:
            break
    assert seen["decided"] > 3_500, seen


# ---- every step of what is written counts --------------------------------------------------------


def post(*conditions: Condition) -> ClassDefinition:
    citation = Citation("The post office's rules, a fiction")
    clauses = tuple(Clause(f"c{n}", "words", citation, each) for n, each in enumerate(conditions))
    return ClassDefinition("post", "1", "The post", Post, clauses)


def of_the_case(rng: Random, reading: Reading, so: Supposition | None) -> Group:
    found = [*(random_history(rng) for _ in range(200))]
    found += [rich_history(rng, "before") for _ in range(50)]
    definition = class_definition(reading)
    return Group(definition, so, [AccountHistory.model_validate(each) for each in found])


def panel(rng: Random) -> Iterator[Group]:
    """Definitions that have every step between them, each with histories that turn on it."""
    strict = {"premium_when": "messaged", "date_limits": "message", "messages": "sent"}
    yield of_the_case(rng, Reading(), None)
    yield of_the_case(rng, Reading(), AS_ALLEGED)
    yield of_the_case(rng, Reading.of(**strict, exclusions="customary"), None)
    for definition in (
        club(
            Is("visits[].paid", True),
            Is("visits[].kind", {"short"}),
            Within(CAME, TimeSet.of((instant(0), instant(0)), (instant(2), instant(3)))),
            Covered(CAME, "members", (Is("members[].level", "gold"),)),
            Uncovered(CAME, "bans", (Is("bans[].level", {"gold", "guest"}),)),
            exclusions=(Is("about.resident", False),),
        ),
        club(
            Ever("members", EARLY, (Is("members[].level", {"gold", "silver"}),)),
            Is("about.adult", True),
        ),
        club(Covered(CAME, "members"), Uncovered(CAME, "bans")),
    ):
        yield Group(definition, None, some(rng, definition, jointly))
    for definition in (
        workshop(
            Is("repairs[].part", {"brake", "lamp"}),
            Covered(FIXED, "warranties"),
            Uncovered(BROKE, "recalls"),
        ),
        workshop(Is("repairs[].part", {"brake", "chain"}), Within(FIXED, EARLY)),
        workshop(Is("repairs[].mended", True), Within(BROKE, LATE), Covered(FIXED, "warranties")),
    ):
        for so in (None, all_mended(instant(2))):
            yield Group(definition, so, some(rng, definition))
    for definition in (
        post(Within(SENT, EARLY), Is("insured", True)),
        post(Is("parcels[].has_arrived", True), Within(PACKED, EARLY)),
        post(Within(PACKED, EARLY), Uncovered(ARRIVED, "strikes")),
    ):
        for so in (None, all_arrived(instant(2))):
            yield Group(definition, so, some(rng, definition, posted))


def some(
    rng: Random, definition: ClassDefinition, *more: Callable[[Random], History]
) -> list[History]:
    found = [small(rng, definition.model) for _ in range(100)]
    found += around(rng, definition, 100)
    return found + [each(rng) for each in more for _ in range(100)]


#: What can be broken and changes no answer, and why.
ONLY_QUICKER = {
    "Or without certain_one": "covers() says the same of one span",
    "Or without in_one": "meets() says the same of one span",
    "possibly < most_possibly | LtE": "a record is looked at that can add nothing",
    "possibly < # | LtE": "so many are counted already",
    "surely < # | LtE": "likewise",
    "hi < hi | LtE": "the bound that it is narrowed to is the one that it has",
}


class Broken:
    """Which steps were broken, and which of them nobody noticed."""

    def __init__(self) -> None:
        self.noticed: set[str] = set()
        self.unnoticed: set[str] = set()

    def look(self, text: str, names: dict[str, Any], cases: list[tuple[History, Any, Any]]) -> None:
        name = text.removeprefix("def ").partition("(")[0]
        for words, code in mutants(text):
            if words not in self.noticed:
                space = dict(names)
                exec(code, space)  # noqa: S102 - our own text
                is_noticed = any(_shows(space[name], *case) for case in cases)
                (self.noticed if is_noticed else self.unnoticed).add(words)


def _shows(broken: Callable[[Any], Any], history: History, law: Any, whole: Any) -> bool:
    """Whether it says something wrong, or leaves to the law what the whole one does not."""
    try:
        found = broken(history)
    except (NameError, TypeError, ValueError, AttributeError, KeyError):
        return True
    return whole is not None if found is None else found != law


def test_every_step_that_is_broken_is_noticed() -> None:
    steps, rows = Broken(), Broken()
    for definition, so, histories in panel(Random(3)):
        lines, names = source(definition, so)
        make = rows_of(definition.model)
        whole = compiled(definition, so)
        cases = [(each, by_the_law(each, definition, so), whole(each)) for each in histories]
        steps.look(str(lines), names | {"rows_of": make}, cases)
        if so is not None:  # the rows are the same
            text = str(row_lines(shape(definition.model).lists))
            fresh = [each.model_copy() for each in histories]  # of which no rows are kept
            anew = [(each, law := rows_by_the_law(each), law) for each in fresh]
            rows.look(text, {"keep": lambda *_: None}, anew)
    assert steps.unnoticed - steps.noticed == set(ONLY_QUICKER)
    kept = {words for words in rows.unnoticed if "kept" in words or "keep" in words}
    assert rows.unnoticed - rows.noticed - kept == set()


def rows_by_the_law(history: History) -> Any:
    """The rows of a history by its boxes; None where a record is not one box as it is said."""
    try:
        facts = normalise(history)
    except InconsistentHistory:
        return None
    found = []
    for name, list_shape in facts.shape.lists.items():
        rows = []
        for known, record in zip(facts.lists[name], getattr(history, name), strict=True):
            (box, *others), said = known.boxes, vars(record)
            condition = list_shape.existence_condition
            if others or (
                condition and box.values[condition] == {False} and said[condition] is None
            ):
                return None
            bounds = (box.bounds.get(moment, ANY_TIME) for moment in list_shape.moments)
            rows.append((*(said[value] for value in list_shape.values), *chain(*bounds)))
        found.append(rows)
    return tuple(found)


# ---- what is left to the reference ---------------------------------------------------------------


def left(definition: ClassDefinition, *histories: History, so: Supposition | None = None) -> bool:
    """Whether the twin leaves each of some histories to the reference."""
    assert definition.exact or so is None
    return all(compiled(definition, so)(each) is None for each in histories)


def history(**known: Any) -> AccountHistory:
    complete = known.pop("complete", ["premium", "messages", "permissions"])
    return AccountHistory(account_id="A-1", complete=complete, **known)


def test_what_is_not_plain_is_left_to_the_reference() -> None:
    case = class_definition()
    assert not left(case, history(), history(messages=[{"shared": True}], complete=[]))
    stated = [{"list": "messages", "where": {"inmail": True}}]
    assert left(case, history(complete=stated))
    two_boxes = [{"sent_at": "2023/2025", "shared_at": "2024-01"}]
    assert left(case, history(messages=two_boxes))
    assert not left(case, history(messages=[two_boxes[0] | {"shared": True}]))
    assert left(case, history(messages=[{"sent_at": "2023"}]), so=AS_ALLEGED)
    assert not left(case, history(messages=[{"sent_at": "2023", "inmail": True}]), so=AS_ALLEGED)


def test_spans_of_more_instants_than_records_are_decided() -> None:
    """Such a span can be cut clear of every record; a shorter one may be shared by them."""
    as_member = club(Covered(CAME, "members"))
    visits = [{"came": Moment.at(instant(place)).text} for place in range(3)]
    start, end = f"../{Moment.at(instant(2)).text}", f"{Moment.at(instant(0)).text}/.."
    members = [{"start": start, "end": end}]
    three = Club(account_id="C-1", visits=visits, members=members, complete=["visits", "members"])
    assert left(as_member, three)
    assert by_the_law(three, as_member, None) == (1, 1, None)
    two = three.model_copy(update={"visits": three.visits[:2]})
    assert compiled(as_member)(two) == by_the_law(two, as_member, None) == (0, 1, None)


def test_what_is_not_compiled() -> None:
    either = club(any_of(Is("visits[].paid", True), Is("about.adult", True)))
    assert left(either, Club(account_id="C-1"))
    broken = workshop(Within(BROKE, EARLY))
    spans, twice = all_extended(instant(2)), attrs.evolve(all_mended(instant(2)), when="fixed")
    for so in (spans, twice):
        assert left(broken, Workshop(account_id="W-1"), so=so)

    class Changing(Visit):
        model_config = ConfigDict(frozen=False)

    class Changed(History):
        visits: tuple[Changing, ...] = ()

    source = Citation("A fiction")
    paid = ClassDefinition("c", "1", "C", Changed, (Clause("p", "paid", source, PAID),))
    assert left(paid, Changed(account_id="C-1"))


def test_histories_of_a_model_made_of_another_are_left_to_the_reference() -> None:
    class LateClub(Club):
        """It may say more."""

    definition = club(Is("about.adult", True))
    of_the_model, of_another = Club(account_id="C-1"), LateClub(account_id="C-1")
    for _ in range(3):
        assert evaluate(of_another, definition).status is evaluate(of_the_model, definition).status
    assert clauses_met(of_the_model, definition) == (0, 1, None)
    assert clauses_met(of_another, definition) is None


# ---- when it is used -----------------------------------------------------------------------------


def test_a_definition_is_compiled_when_it_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Supposition | None] = []

    def noted(definition: ClassDefinition, so: Supposition | None) -> Any:
        made.append(so)
        return compiled(definition, so)

    monkeypatch.setattr(compiling, "compiled", noted)
    definition = attrs.evolve(class_definition(), version="of this test")
    verdicts = [evaluate(history(), definition, supposing=so) for so in (None, AS_ALLEGED)]
    assert made == []
    again = [evaluate(history(), definition, supposing=so) for so in (None, AS_ALLEGED) * 2]
    assert made == [None, AS_ALLEGED]
    assert [each.to_json() for each in again] == [each.to_json() for each in verdicts * 2]


def test_what_was_compiled_goes_with_its_definition() -> None:
    definition = attrs.evolve(class_definition(), version="of this test")
    for _ in range(2):
        evaluate(history(), definition)
    assert pickle.loads(pickle.dumps(definition)) == definition  # noqa: S301 - our own bytes
    twin = weakref.ref(definition.kept(None))
    del definition
    gc.collect()
    assert twin() is None


def test_contradictions_are_named_also_by_a_compiled_definition() -> None:
    clash = {"messages": [{"sent_at": "2024", "shared": True, "shared_at": "2023"}]}
    said = AccountHistory.model_construct(**vars(read_history('{"account_id": "A-1"}')))
    for _ in range(3):
        with pytest.raises(InconsistentHistory) as caught:
            evaluate(history(**clash))
        assert caught.value.problems[0].path == "messages[0].shared_at"
        assert evaluate(said).status is evaluate(history(complete=[])).status


def test_rows_are_kept_for_as_long_as_a_history_says_the_same() -> None:
    make = rows_of(AccountHistory)
    assert make is not None
    known = history(messages=[{"sent_at": "2023"}])
    assert make(known) is make(known)
    other = history(messages=[{"sent_at": "2024"}])
    object.__setattr__(known, "messages", other.messages)
    assert make(known) == make(other) != make(history())
