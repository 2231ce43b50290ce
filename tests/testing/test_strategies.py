"""Strategies draw what they say, reach the hard cases, and shrink to the simplest history."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from flo import FloHistory, flo_class
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from odd_models import ODD_MODELS, Chain, Middle, OnlyAnswers
from small_case import Club, club

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    EligibilityError,
    History,
    InconsistentHistory,
    Is,
    Moment,
    Status,
    TimeSet,
    Truth,
    Verdict,
    Within,
    any_of,
    evaluate,
    forget,
    read_history,
    refines,
)
from eligibility.audit.enumeration import Enumeration
from eligibility.audit.worlds import clauses_met, in_class, is_world
from eligibility.definition.conditions import paths
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.normalise import normalise
from eligibility.rules import (
    AS_ALLEGED,
    UPDATE_DAY_BEGINS,
    Reading,
    class_definition,
    every_reading,
)
from eligibility.testing import strategies as drawn
from eligibility.testing.draw.instants import PRECISIONS
from eligibility.testing.draw.turning import breaches, openings
from eligibility.testing.search import agreeing, contradictions
from eligibility.values.timeline import COURT_ZONE

DEFAULT = class_definition()
LATE = {"update_day": "through"}
#: Definitions that differ in what they turn on: readings of one case, another case, a toy.
DEFINITIONS = [
    DEFAULT,
    class_definition(Reading.of(premium_when="ever", messages="sent")),
    class_definition(
        Reading.of(premium_when="messaged", update_day="through", exclusions="customary")
    ),
    class_definition(Reading.of(date_limits="message")),
    flo_class(),
    club(Is("visits[].paid", True), Is("about.adult", True)),
    club(Is("about.adult", True)),
]
MODELS = [AccountHistory, FloHistory, Club]
some = settings(max_examples=60, deadline=None, derandomize=True)
search = settings(
    max_examples=3000, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
shrinking = settings(search, phases=[Phase.generate, Phase.shrink])


def names(definition: ClassDefinition) -> str:
    changed = {
        name: word for name, word in definition.reading.items() if word != Reading().words()[name]
    }
    return " ".join([definition.id, *changed.values()])


each_definition = pytest.mark.parametrize("definition", DEFINITIONS, ids=names)


# ---- each strategy draws only what it says, by a judge that shares nothing with `evaluate` -------


@each_definition
def test_eligible_is_eligible(definition: ClassDefinition) -> None:
    @some
    @given(drawn.eligible(definition))
    def holds(history: Any) -> None:
        assert Enumeration(history, definition).truth == Truth.TRUE

    holds()


@each_definition
def test_ineligible_is_ineligible(definition: ClassDefinition) -> None:
    @some
    @given(drawn.ineligible(definition))
    def holds(history: Any) -> None:
        assert Enumeration(history, definition).truth == Truth.FALSE

    holds()


@each_definition
def test_indeterminate_is_indeterminate(definition: ClassDefinition) -> None:
    @some
    @given(drawn.indeterminate(definition))
    def holds(history: Any) -> None:
        assert Enumeration(history, definition).truth == Truth.UNKNOWN

    holds()


@pytest.mark.parametrize("model", ODD_MODELS)
def test_histories_of_any_model_have_a_world(model: Any) -> None:
    @some
    @given(drawn.histories(model), st.data())
    def holds(history: Any, data: st.DataObject) -> None:
        normalise(history)
        assert is_world(data.draw(drawn.worlds(history)))
        assert refines(data.draw(drawn.refinements(history)), history)

    holds()


@pytest.mark.parametrize("model", [*MODELS, Chain])
def test_histories_have_a_world_and_inconsistent_ones_have_none(model: Any) -> None:
    @some
    @given(drawn.histories(model), drawn.inconsistent(model))
    def holds(history: Any, clashing: Any) -> None:
        normalise(history)
        with pytest.raises(InconsistentHistory):
            normalise(clashing)

    holds()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from([*MODELS, *ODD_MODELS]), st.data())
def test_the_same_for_any_definition_in_the_exact_fragment(model: Any, data: st.DataObject) -> None:
    definition = data.draw(drawn.definitions(model, exact=True))
    assert definition.exact
    history = data.draw(drawn.eligible(definition))
    assert Enumeration(history, definition).truth == Truth.TRUE
    if because := [step for step in definition.steps if breaches(definition, step)]:
        step = data.draw(st.sampled_from(because))
        history = data.draw(drawn.ineligible(definition, step.id))
        assert Enumeration(history, definition).truth == Truth.FALSE
        codes = {part for r in evaluate(history, definition).reasons for part in r.code.split("+")}
        others = [other for other in definition.steps if other.id != step.id]
        said = {path for other in others for path in paths(other.condition)}
        assert step.id in codes or said & set(paths(step.condition))
    if turning := list(openings(definition)):
        path = data.draw(st.sampled_from(turning))
        history = data.draw(drawn.indeterminate(definition, path))
        assert Enumeration(history, definition).truth == Truth.UNKNOWN
        assert path in asked_of(evaluate(history, definition))


def asked_of(verdict: Verdict) -> set[str]:
    """The facts that it turns on, asked for or open, without the places of their records."""
    turned = [path for question in verdict.questions for path in question.paths]
    turned += [path for fact in verdict.open for path in fact.paths]
    return {re.sub(r"\[\d+\]", "", path) for path in turned}


@each_definition
def test_each_clause_can_be_the_reason(definition: ClassDefinition) -> None:
    def reasons(clause: str) -> None:
        @settings(max_examples=12, deadline=None, derandomize=True)
        @given(drawn.ineligible(definition, clause))
        def holds(history: Any) -> None:
            verdict = evaluate(history, definition)
            assert verdict.status is Status.INELIGIBLE
            assert clause in {part for r in verdict.reasons for part in r.code.split("+")}

        holds()

    for step in definition.steps:
        reasons(step.id)


@each_definition
def test_each_fact_that_it_speaks_of_can_be_the_question(definition: ClassDefinition) -> None:
    def asks(path: str) -> None:
        @settings(max_examples=12, deadline=None, derandomize=True)
        @given(drawn.indeterminate(definition, path))
        def holds(history: Any) -> None:
            verdict = evaluate(history, definition)
            assert verdict.status is Status.INDETERMINATE
            assert path in asked_of(verdict)

        holds()

    for path in openings(definition):
        asks(path)


def test_every_fact_that_the_case_turns_on_can_be_asked_for() -> None:
    """The facts by hand, so that none is forgotten."""
    spans = {f"{name}.{key}" for name in ("premium", "permissions") for key in ("start", "end")}
    lists = {f"complete.{name}" for name in ("premium", "messages", "permissions")}
    own = {f"messages.{key}" for key in ("inmail", "shared", "shared_at")}
    assert set(openings(DEFAULT)) == spans | lists | own | {"premium.plan"}
    more = class_definition(
        Reading.of(messages="sent", date_limits="message", exclusions="customary")
    )
    assert set(openings(more)) == set(openings(DEFAULT)) | {
        "messages.direction",
        "messages.sent_at",
        *(f"exclusions.{name}" for name in AccountHistory(account_id="A").exclusions.model_dump()),
    }


# ---- the hard cases are found --------------------------------------------------------------------


def found(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """Whatever is drawn first, not shrunk."""
    return find(strategy, condition, settings=search)


def shrunk(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    return find(strategy, condition, settings=shrinking)


def shared_at(history: Any) -> list[Moment]:
    return [m.shared_at for m in history.messages if m.shared_at is not None]


@pytest.mark.parametrize(
    ("strategy", "instant"),
    [
        (drawn.eligible(DEFAULT), UPDATE_DAY_BEGINS - 1),
        (drawn.ineligible(DEFAULT, "before-update"), UPDATE_DAY_BEGINS),
    ],
)
def test_the_microseconds_at_the_update(strategy: Any, instant: int) -> None:
    found(strategy, lambda h: any(m.earliest == m.latest == instant for m in shared_at(h)))


def test_bounds_of_spans_that_stand_at_the_microsecond_of_a_message() -> None:
    found(
        drawn.eligible(DEFAULT),
        lambda h: any(
            span.start is not None and span.start.is_exact and span.start.latest == m.earliest
            for m in shared_at(h)
            for span in h.premium
        ),
    )


def test_coverage_that_two_subscriptions_make_only_together() -> None:
    def only_together(history: Any) -> bool:
        return len(history.premium) == 2 and all(
            evaluate(history.model_copy(update={"premium": (one,)})).status is not Status.ELIGIBLE
            for one in history.premium
        )

    found(drawn.eligible(DEFAULT), only_together)


def test_one_of_two_messages_is_in_whichever_it_is() -> None:
    def neither_alone(history: Any) -> bool:
        return len(history.messages) == 2 and all(
            evaluate(history.model_copy(update={"messages": (one,)})).status is not Status.ELIGIBLE
            for one in history.messages
        )

    found(drawn.eligible(DEFAULT), neither_alone)


def test_halves_that_are_each_unknown_and_together_are_not() -> None:
    """Shared 'in 2024' before the update, and in a subscription that began after it."""

    def kleene_says_unknown(history: Any) -> bool:
        verdict = evaluate(history)
        return any("+" in reason.code for reason in verdict.reasons)

    found(drawn.ineligible(DEFAULT), kleene_says_unknown)


def without_statements(history: Any) -> Any:
    names_ = tuple(each for each in history.complete if isinstance(each, str))
    return history.model_copy(update={"complete": names_})


def statements(history: Any) -> list[CompletenessStatement]:
    return [each for each in history.complete if isinstance(each, CompletenessStatement)]


def test_a_statement_with_conditions_decides() -> None:
    """Nobody lists all messages, but none is missing that could be in."""

    def decides(history: Any) -> bool:
        return evaluate(without_statements(history)).status is not Status.INELIGIBLE

    found(drawn.ineligible(DEFAULT), decides)
    data = simplest(drawn.ineligible(DEFAULT), decides)
    (stated,) = data.pop("complete")
    assert stated["list"] == "messages"
    assert len(stated["where"]) == 1
    assert "messages" not in data


def test_two_statements_decide_only_together() -> None:
    def together(history: Any) -> bool:
        stated = statements(history)
        return len(stated) == 2 and all(
            evaluate(
                history.model_copy(
                    update={"complete": tuple(e for e in history.complete if e is not one)}
                )
            ).status
            is not Status.INELIGIBLE
            for one in stated
        )

    found(drawn.ineligible(DEFAULT), together)


@pytest.mark.parametrize(
    "shows",
    [
        lambda where: set(where) == {"inmail"},
        lambda where: isinstance(where.get("sent_at"), Moment),
        lambda where: isinstance(where.get("shared_at"), Moment),
        lambda where: len(where) == 3,
    ],
)
def test_statements_of_every_kind(shows: Callable[[Any], bool]) -> None:
    found(
        drawn.histories(),
        lambda h: any(each.list == "messages" and shows(each.where) for each in statements(h)),
    )


def test_several_words_that_all_count_or_not() -> None:
    def several(history: Any) -> bool:
        return any(isinstance(span.plan, tuple) for span in history.premium)

    found(drawn.eligible(DEFAULT), lambda h: len(h.premium) == 1 and several(h))
    found(drawn.indeterminate(DEFAULT, "premium.plan"), several)
    history = shrunk(drawn.indeterminate(DEFAULT, "premium.plan"), several)
    assert 2 in [len(span.plan) for span in history.premium if isinstance(span.plan, tuple)]


def _meets(record: Any, where: Any) -> bool:
    """Whether a record of a world meets the conditions of a statement."""
    for name, asked in where.items():
        value = getattr(record, name)
        if isinstance(asked, Moment):
            if value is None or not asked.earliest <= value.earliest <= asked.latest:
                return False
        elif value not in (asked if isinstance(asked, tuple) else (asked,)):
            return False
    return True


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from([*MODELS, *ODD_MODELS]), st.data())
def test_what_nobody_listed_fails_every_statement(model: Any, data: st.DataObject) -> None:
    history = data.draw(drawn.histories(model))
    for finer in (drawn.worlds(history), drawn.refinements(history)):
        world = data.draw(finer)
        for each in statements(history):
            listed = len(getattr(history, each.list))
            for record in getattr(world, each.list)[listed:]:
                assert not is_world(world) or not _meets(record, each.where)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from([AS_ALLEGED.under({}), AS_ALLEGED.under(LATE)]), st.data())
def test_worlds_under_a_supposition_agree_with_it(alleged: Any, data: st.DataObject) -> None:
    history = data.draw(agreeing(drawn.histories(), alleged))
    definition = (
        class_definition(Reading.of(**LATE)) if alleged.before > UPDATE_DAY_BEGINS else None
    )
    world = data.draw(drawn.worlds(history, definition, supposing=AS_ALLEGED))
    assert is_world(world)
    for message in world.messages:
        if message.inmail and message.sent_at.earliest < alleged.before:
            assert message.shared
            assert message.shared_at.earliest < alleged.before
    more = data.draw(drawn.refinements(history, definition, supposing=AS_ALLEGED))
    assert contradictions(more, alleged) == set()


def test_a_moment_that_never_was_is_no_question() -> None:
    """Kept: `g` is only where `ok` is, and to ask whether it matters raised KeyError."""
    source = Citation("A fiction, for tests")
    condition = Covered("records[].a", "stays", (Is("stays[].ok", True),))
    odd = ClassDefinition("odd", "1", "Odd", Middle, (Clause("c1", "words", source, condition),))
    history = Middle(
        account_id="A-1001",
        complete=("records", "stays"),
        records=[{"a": "2024-01-01T00:00:00"}],
        stays=[{"end": "..", "ok": True}],
    )
    assert asked_of(evaluate(history, odd)) == {"stays.start"}


@pytest.mark.parametrize(
    ("what", "shows"),
    [
        ("a local time that is repeated", lambda m: "T" in m.text and _width(m) > 3600e6),
        ("the end of the hour that is skipped", lambda m: m.earliest == 1710064800000000),
        ("a leap day", lambda m: m.text == "2024-02-29"),
        ("digits that are left open", lambda m: m.text.endswith("X")),
        ("bounds from one side", lambda m: ".." in m.text and len(m.text) > 2),
        ("an offset", lambda m: re.search(r"[+-]\d\d:\d\d$", m.text) is not None),
    ],
)
def test_moments_that_calendars_make_hard(what: str, shows: Callable[[Moment], bool]) -> None:
    del what
    found(drawn.histories(), lambda h: any(shows(m) for m in shared_at(h)))
    found(drawn.moments(), shows)


def _width(moment: Moment) -> int:
    return moment.latest - moment.earliest


@pytest.mark.parametrize(
    "shows",
    [
        lambda h: not h.complete,
        lambda h: len(h.complete) == 3,
        lambda h: h.messages and h.messages[0].shared is None and h.messages[0].shared_at,
        lambda h: (
            any(r.values["shared"] == {False} for r in normalise(h).lists["messages"])
            and not any(m.shared is False for m in h.messages)
        ),  # it was shared before it was sent
        lambda h: any(span.end is not None and span.end.text == ".." for span in h.premium),
        lambda h: h.time_zone == "Australia/Lord_Howe" and h.messages,
        lambda h: not h.account_id.isascii(),
        lambda h: len(h.messages) == 3 and all(m.id for m in h.messages),
    ],
)
def test_histories_of_every_kind(shows: Callable[[Any], bool]) -> None:
    found(drawn.histories(), lambda history: bool(shows(history)))


def test_sizes_are_kept() -> None:
    @some
    @given(drawn.histories(min_size={"messages": 2, "premium": 5}, max_size={"messages": 4}))
    def holds(history: Any) -> None:
        assert 2 <= len(history.messages) <= 4
        assert len(history.premium) == 5

    holds()


# ---- what is drawn shrinks to the simplest history -----------------------------------------------


def simplest(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """The history that a search ends with, as data without what is not known."""
    history = shrunk(strategy, condition)
    data = json.loads(history.model_dump_json(exclude_none=True, exclude_defaults=True))
    assert data.pop("account_id") == "A-1001"
    return data


def test_with_nothing_wrong_the_simplest_histories_say_next_to_nothing() -> None:
    assert simplest(drawn.histories(), lambda _: True) == {}
    assert simplest(drawn.indeterminate(DEFAULT), lambda _: True) == {}
    assert simplest(drawn.ineligible(DEFAULT), lambda _: True) == {"complete": ["messages"]}


#: What the tests of shrinking end with, but for the one message: a member at the time.
MEMBER = {"plan": "premium_career", "start": "2024-09-18T00:00:00", "end": ".."}


def test_an_off_by_one_at_the_update_shrinks_to_its_microsecond() -> None:
    """A port that says 'not after' where the class says 'before'."""
    port = _with("before-update", Within("messages[].shared_at", _until(UPDATE_DAY_BEGINS)))
    message = {"inmail": True, "shared": True}
    data = simplest(
        drawn.ineligible(DEFAULT, "before-update"),
        lambda history: evaluate(history, port).status is Status.ELIGIBLE,
    )
    (shared,) = data.pop("messages")
    at = Moment.parse(shared.pop("shared_at"), COURT_ZONE)  # in whichever notation
    assert (shared, at.earliest, at.latest) == (message, UPDATE_DAY_BEGINS, UPDATE_DAY_BEGINS)
    assert data == {"complete": ["messages", "permissions"], "premium": [MEMBER]}
    data = simplest(
        drawn.ineligible(DEFAULT, "before-update"),
        lambda history: evaluate(history, port).status is Status.INDETERMINATE,
    )
    assert data["messages"] == [message | {"shared_at": "2024-09-18"}]


def test_an_unknown_taken_for_a_no_shrinks_to_that_one_fact() -> None:
    def takes_unknown_for_no(history: Any) -> bool:
        messages = [m.model_copy(update={"inmail": m.inmail is True}) for m in history.messages]
        known = history.model_copy(update={"messages": tuple(messages)})
        return evaluate(known).status is not evaluate(history).status

    data = simplest(drawn.indeterminate(DEFAULT, "messages.inmail"), takes_unknown_for_no)
    assert data == {
        "complete": ["messages", "permissions"],
        "premium": [MEMBER | {"start": "2024-09-17T00:00:00"}],
        "messages": [{"shared": True, "shared_at": "2024-09-17"}],
    }


def test_open_lists_taken_for_complete_shrink_to_an_empty_history() -> None:
    def takes_lists_for_complete(history: Any) -> bool:
        closed = history.model_copy(update={"complete": ("premium", "messages", "permissions")})
        return evaluate(closed).status is not evaluate(history).status

    assert simplest(drawn.indeterminate(DEFAULT), takes_lists_for_complete) == {}


def test_dates_read_in_another_zone_shrink_to_the_day_of_the_update() -> None:
    def reads_in_utc(history: Any) -> bool:
        data = json.loads(history.model_dump_json())
        known = AccountHistory.model_validate(data | {"time_zone": "UTC"})
        return evaluate(known).status is Status.INELIGIBLE

    data = simplest(drawn.eligible(DEFAULT), reads_in_utc)
    assert len(data["messages"]) == len(data["premium"]) == 1
    assert data["messages"][0]["shared_at"].startswith("2024-09-1")


def _until(instant: int) -> TimeSet:
    return TimeSet.before(instant + 1)


def _with(clause: str, condition: Any) -> ClassDefinition:
    """The default definition with another condition in one clause."""
    steps = [evolve(s, condition=condition) if s.id == clause else s for s in DEFAULT.clauses]
    return ClassDefinition("port", "1", "A port", AccountHistory, tuple(steps))


# ---- histories that know more --------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_worlds_have_nothing_open_and_refinements_know_no_less(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(DEFINITIONS))
    history = data.draw(drawn.histories(definition))
    world = data.draw(drawn.worlds(history, definition))
    assert is_world(world)
    assert refines(world, history)
    finer = data.draw(drawn.refinements(history, definition))
    assert refines(finer, history)
    normalise(finer)


def test_worlds_reach_both_sides_of_what_is_open() -> None:
    history = AccountHistory(account_id="A-1001")
    found(drawn.worlds(history, DEFAULT), lambda world: in_class(world, DEFAULT))
    found(drawn.worlds(history), lambda world: not world.messages)
    open_one = AccountHistory(
        account_id="A-1001",
        premium=[{"plan": "premium_career", "start": "2020", "end": ".."}],
        messages=[{"inmail": True, "shared": True, "shared_at": "2024-09"}],
        complete=["premium", "messages", "permissions"],
    )
    for inside in (True, False):
        found(
            drawn.worlds(open_one, DEFAULT),
            lambda world, inside=inside: in_class(world, DEFAULT) is inside,
        )
    found(drawn.worlds(open_one, DEFAULT), lambda w: clauses_met(w, DEFAULT)[:4] == (True,) * 4)


def test_a_refinement_can_add_a_record_and_forgetting_undoes_it() -> None:
    history = AccountHistory(account_id="A-1001", messages=[{"inmail": True}])
    more = shrunk(drawn.refinements(history), lambda finer: len(finer.messages) == 2)
    assert more.messages[0] == history.messages[0]
    known = shrunk(drawn.refinements(history), lambda finer: finer.messages[0].shared is not None)
    assert forget(known, ["messages[0].shared"]).messages[0].shared is None


# ---- words ---------------------------------------------------------------------------------------


@some
@given(st.data())
def test_moments_lie_within_their_bounds(data: st.DataObject) -> None:
    first, last = data.draw(drawn.moments()), data.draw(drawn.moments())
    if first.earliest <= last.latest:
        moment = data.draw(drawn.moments(first, last))
        assert first.earliest <= moment.earliest <= moment.latest <= last.latest
        assert Moment.parse(moment.text, "America/Los_Angeles") == moment


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_is_drawn(precision: str) -> None:
    patterns = {
        "day": r"\d{4}-\d\d-\d\d",
        "instant": r".+T\d\d:\d\d:\d\d.*(Z|[+-]\d\d:\d\d)",
        "month": r"\d{4}-\d\d",
        "year": r"\d{4}",
        "minute": r".+T\d\d:\d\d",
        "local": r".+T\d\d:\d\d:\d\d(\.\d+)?",
        "tens": r"\d{4}-\d\d-\dX",
        "decade": r"\d{3}X",
        "months": r"\d{4}-XX",
        "bounds": r"\d[^/]+/\d.+",
        "not-after": r"\.\./.+",
        "not-before": r".+/\.\.",
    }
    strategy = drawn.moments(precisions=[precision])
    found(strategy, lambda moment: re.fullmatch(patterns[precision], moment.text) is not None)


@pytest.mark.parametrize(
    "shows",
    [
        lambda times: times.is_empty,
        lambda times: times == TimeSet.ALL,
        lambda times: len(times.spans) == 3,
        lambda times: len(times.spans) == 2 and times.spans[0][1] + 2 == times.spans[1][0],
    ],
)
def test_time_sets_of_every_kind(shows: Callable[[TimeSet], bool]) -> None:
    found(drawn.time_sets(), shows)


def test_readings_are_all_drawn_and_shrink_to_the_default() -> None:
    assert shrunk(drawn.readings(), lambda _: True) == Reading()
    for reading in list(every_reading())[::7]:
        assert found(drawn.readings(), lambda r, reading=reading: r == reading) == reading


@pytest.mark.parametrize("exact", [True, False])
def test_definitions_in_and_out_of_the_exact_fragment(exact: bool) -> None:
    found(drawn.definitions(), lambda definition: definition.exact is exact)


@pytest.mark.parametrize("status", Status)
def test_verdicts_of_every_status(status: Status) -> None:
    found(drawn.verdicts(), lambda verdict: verdict.status is status)


# ---- documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_documents_are_read_and_broken_ones_get_their_code_alone(model: Any) -> None:
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(drawn.documents(model), drawn.broken_documents(model))
    def holds(text: str, broken: Any) -> None:
        read_history(text, model)
        with pytest.raises(EligibilityError) as caught:
            read_history(broken.text, model)
        assert {problem.code for problem in caught.value.problems} == {broken.code}

    holds()


def test_a_model_that_cannot_contradict_itself_has_broken_documents_too() -> None:
    assert found(drawn.broken_documents(OnlyAnswers), lambda broken: broken.code == "missing")


@pytest.mark.parametrize(
    "shows",
    [
        lambda data: set(data) == {"account_id"},
        lambda data: "time_zone" in data and "complete" not in data,
        lambda data: data.get("complete") == ["permissions", "premium"],
        lambda data: any(list(m)[:1] == ["shared_at"] for m in data.get("messages", [])),
        lambda data: any(None in m.values() and len(m) < 7 for m in data.get("messages", [])),
    ],
)
def test_documents_as_programs_write_them(shows: Callable[[Any], bool]) -> None:
    found(drawn.documents(), lambda text: shows(json.loads(text)))


def test_every_way_to_break_a_document_is_drawn() -> None:
    codes = set()

    # What is drawn hangs on the constants of all modules that are loaded, so with room to spare.
    @settings(search, max_examples=4000, suppress_health_check=[HealthCheck.too_slow])
    @given(drawn.broken_documents())
    def draw(broken: Any) -> None:
        codes.add(broken.code)

    draw()
    assert codes == {
        *("malformed-json", "duplicate-key", "too-deep", "not-a-number", "not-unicode"),
        *("unknown-key", "missing", "wrong-type", "not-in-vocabulary", "too-long", "too-short"),
        *("duplicate-id", "unknown-zone", "unknown-list", "inconsistent", "moment-notation"),
        *("moment-qualifier", "moment-calendar", "moment-range", "moment-order", "moment-gap"),
    }


# ---- Hypothesis ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strategy",
    [
        drawn.histories(),
        drawn.histories(max_size={"messages": 10}),
        *(drawn.eligible(d) for d in DEFINITIONS[:3]),
        *(drawn.ineligible(d) for d in DEFINITIONS[:3]),
        *(drawn.indeterminate(d) for d in DEFINITIONS[:3]),
        drawn.inconsistent(),
        drawn.definitions(),
        drawn.documents(),
        drawn.broken_documents(),
        drawn.verdicts(),
    ],
    ids=lambda strategy: repr(strategy)[:40],
)
def test_health_checks_pass_with_default_settings(strategy: Any) -> None:
    @settings(derandomize=True)
    @given(strategy)
    def holds(value: Any) -> None:
        assert value is not None

    holds()


def test_types_are_known_to_hypothesis_without_an_import_of_ours() -> None:
    program = """
from hypothesis import HealthCheck, Phase, find, settings, strategies as st
import sys
assert "eligibility.testing.strategies" not in sys.modules
quick = settings(database=None, phases=[Phase.generate])
from eligibility import AccountHistory, ClassDefinition, Moment, TimeSet, Truth, Verdict
from eligibility.rules import Reading
for known in (AccountHistory, ClassDefinition, Moment, Reading, TimeSet, Truth, Verdict):
    assert isinstance(find(st.from_type(known), lambda _: True, settings=quick), known)
assert find(st.from_type(AccountHistory), lambda h: h.messages, settings=quick)
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own program


def test_without_hypothesis_the_install_line_is_said() -> None:
    program = "import sys; sys.modules['hypothesis'] = None; import eligibility.testing.strategies"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "pip install '.[testing]'" in done.stderr.splitlines()[-1]


class Demanding(History):
    region: str


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: drawn.histories(max_size={"letters": 1}), "letters"),
        (lambda: drawn.histories(min_size={"messages": 3}, max_size={"messages": 2}), "messages"),
        (lambda: found(drawn.ineligible(DEFAULT, "premum"), bool), "premum"),
        (lambda: found(drawn.indeterminate(DEFAULT, "messages.sent_at"), bool), "sent_at"),
        (lambda: drawn.eligible(club(any_of(Is("about.adult", True)))), None),
        (lambda: drawn.eligible(AccountHistory), "definition"),
        (lambda: drawn.indeterminate(club(Is("about.adult", {True, False}))), "turns on no fact"),
        (lambda: drawn.moments(precisions=[]), "precision"),
        (lambda: drawn.moments(zone="America/Springfield"), "zone"),
        (lambda: drawn.histories(Demanding), "region"),
        (lambda: drawn.eligible(club(any_of(*[Is("about.adult", True)] * 2))), "exact"),
        (lambda: drawn.moments(Moment.parse("2024"), Moment.parse("2023")), "2024"),
        (lambda: drawn.moments(precisions=["century"]), "century"),
        (lambda: drawn.definitions(exact=False), "exact"),
    ],
)
def test_what_cannot_be_drawn_is_said(wrong: Callable[[], object], words: str | None) -> None:
    if words is None:
        wrong()
        return
    with pytest.raises(InvalidArgument, match=words):
        wrong()
