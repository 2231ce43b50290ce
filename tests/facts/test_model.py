"""How histories are declared, and the zones in which their moments are read."""

from enum import Enum
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from eligibility import (
    AccountHistory,
    History,
    InvalidDefinition,
    InvalidHistory,
    Moment,
    MomentField,
    Record,
    Span,
    YesNo,
)
from eligibility.facts.boxes import place
from eligibility.facts.model import Facts, unique_ids
from eligibility.facts.shape import shape
from eligibility.facts.written import digest
from eligibility.history import Message, Subscription
from eligibility.values.timeset import TimeSet


class Visit(Record):
    order: ClassVar[tuple[tuple[str, str], ...]] = (("came", "left"), ("left", "told"))
    kind: Literal["short", "long"] | None = None
    told: MomentField = None
    left: MomentField = None
    came: MomentField = None


class About(Facts):
    resident: YesNo = None


class Visits(History):
    visits: Annotated[tuple[Visit, ...], unique_ids] = Field(default=(), title="Visits")
    stays: tuple[Span, ...] = ()
    about: About = About()
    adult: YesNo = None


def test_the_shape_of_a_model_is_read_from_its_annotations() -> None:
    seen = shape(Visits)
    assert list(seen.lists) == ["visits", "stays"]
    assert seen.yes_no == ("about.resident", "adult")
    visits = seen.lists["visits"]
    assert visits.moments == ("told", "left", "came")
    assert visits.sequence == ("came", "left", "told")
    assert visits.vocabulary == {"kind": ("short", "long")}
    assert visits.facts == ("kind", "told", "left", "came")
    assert not visits.is_spans
    assert seen.lists["stays"].is_spans


def test_all_that_a_fact_can_be() -> None:
    visits, stays = shape(Visits).lists["visits"], shape(AccountHistory).lists["messages"]
    assert visits.options == {"kind": ("short", "long")}
    assert stays.options["inmail"] == (True, False)
    seen = shape(Visits)
    assert seen.options_at("visits[].kind") == {"short", "long"}
    assert seen.options_at("about.resident") == seen.options_at("adult") == {True, False}
    for path in ("visits[].came", "visits[]", "visits", "kind", "lists[].kind", "about", ""):
        assert seen.options_at(path) == set()


def test_dates_are_read_in_the_history_s_zone_wherever_the_record_was_made() -> None:
    message = Message(sent_at="2023-06")
    assert message.sent_at is not None
    for zone, start in (("UTC", "2023-06-01T00:00:00Z"), ("Asia/Tokyo", "2023-05-31T15:00:00Z")):
        history = AccountHistory(account_id="A", time_zone=zone, messages=[message])
        (read,) = history.messages
        assert read.sent_at == Moment.parse("2023-06", zone)
        assert read.sent_at is not None
        assert read.sent_at.earliest == Moment.parse(start).earliest
    again = AccountHistory.model_validate(history.model_copy(update={"time_zone": "UTC"}))
    (moved,) = again.messages
    assert moved.sent_at is not None
    assert moved.sent_at.earliest == Moment.parse("2023-05-31T15:00:00Z").earliest


def test_a_moment_given_in_python_keeps_its_instants_in_any_zone() -> None:
    berlin = Moment.parse("2023-06", "Europe/Berlin")
    history = AccountHistory(account_id="A", messages=[{"sent_at": berlin}])
    (message,) = history.messages
    assert message.sent_at is not None
    assert (message.sent_at.earliest, message.sent_at.latest) == (berlin.earliest, berlin.latest)
    assert AccountHistory.model_validate_json(history.model_dump_json()) == history


def test_the_zone_of_one_history_does_not_leak_into_the_next() -> None:
    with pytest.raises(InvalidHistory):
        AccountHistory(account_id="A", time_zone="UTC", messages=[{"sent_at": "never"}])
    assert Message(sent_at="2023-06").sent_at == Moment.parse("2023-06").afloat()


def test_has_not_ended_is_the_end_of_the_time_line() -> None:
    span = Subscription(end="..")
    assert span.end is not None
    assert span.end.is_exact
    assert span.model_dump(mode="json")["end"] == ".."


def test_histories_are_frozen() -> None:
    history = AccountHistory(account_id="A")
    with pytest.raises(InvalidHistory, match="never changes") as caught:
        history.account_id = "B"  # type: ignore[misc]  # that it is refused is what is tested
    assert [problem.code for problem in caught.value.problems] == ["never-changes"]
    with pytest.raises(InvalidHistory, match="never changes"):
        del history.account_id


def test_complete_is_in_the_order_of_the_model_and_without_repeats() -> None:
    history = AccountHistory(account_id="A", complete=["messages", "premium", "messages"])
    assert history.complete == ("premium", "messages")


def test_the_digest_is_of_what_is_said() -> None:
    one = AccountHistory(account_id="A", complete=["messages", "premium"])
    same = AccountHistory(account_id="A", complete=["premium", "messages"], premium=[])
    assert digest(one) == digest(same)
    assert digest(one) != digest(AccountHistory(account_id="A", complete=["premium"]))
    assert len(digest(one)) == 64


def test_the_schema_has_titles_and_closed_lists() -> None:
    schema = AccountHistory.model_json_schema()
    assert schema["required"] == ["account_id"]
    names, *statements = schema["properties"]["complete"]["items"]["anyOf"]
    assert names["enum"] == ["premium", "messages", "permissions"]
    assert [each["properties"]["list"]["const"] for each in statements] == names["enum"]
    message = schema["$defs"]["Message"]
    assert message["additionalProperties"] is False
    assert all("title" in field for field in message["properties"].values())
    moment = message["properties"]["sent_at"]["anyOf"][0]
    assert moment["type"] == "string"
    assert "2024-09" in moment["examples"]


class Other(Record):
    happened: MomentField = None
    ended: MomentField = None
    known: YesNo = None
    told: YesNo = None


@pytest.mark.parametrize(
    "wrong",
    [
        {"order": (("happened", "nowhere"),)},
        {"order": (("happened", "known"),)},
        {"order": (("happened", "ended"), ("ended", "happened"))},
        {"order": (("happened", "happened"),)},
        {"exists_if": {"happened": "nowhere"}},
        {"exists_if": {"known": "told"}},
        {"exists_if": {"happened": "known", "ended": "told"}},
    ],
)
def test_a_record_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    record = type("Wrong", (Other,), {"__annotations__": {}, **wrong})
    model = type("Model", (History,), {"__annotations__": {"all": tuple[record, ...]}, "all": ()})
    with pytest.raises(InvalidDefinition) as caught:
        shape(model)  # type: ignore[arg-type]  # it is made at run time
    assert [problem.code for problem in caught.value.problems] == ["definition-model"]


class Fleeting(Span):
    exists_if: ClassVar[dict[str, str]] = {"end": "known"}
    known: YesNo = None


class GatedSpans(History):
    spans: tuple[Fleeting, ...] = ()


class Checked(Span):
    """If it was checked, then after its start; so the start hangs on whether it was."""

    order: ClassVar[tuple[tuple[str, str], ...]] = (("start", "end"), ("start", "checked_at"))
    exists_if: ClassVar[dict[str, str]] = {"checked_at": "checked"}
    checked: YesNo = None
    checked_at: MomentField = None


class CheckedSpans(History):
    spans: tuple[Checked, ...] = ()


class NoList(History):
    spans: tuple[Span, ...] | None = None


class MaybeNoList(History):
    spans: tuple[Span, ...] | None = ()


class NoGroup(History):
    about: About | None = None


class Inner(Facts):
    x: YesNo = None


class Outer(Facts):
    inner: Inner = Inner()


class GroupInGroup(History):
    outer: Outer = Outer()


class MaybeOuter(Facts):
    inner: Inner | None = None


class MaybeGroupInGroup(History):
    outer: MaybeOuter = MaybeOuter()


class Kind(Enum):
    SHORT = "short"


class Sorted(Record):
    kind: Kind | None = None


class EnumWords(History):
    records: tuple[Sorted, ...] = ()


class Noted(Facts):
    note: str | None = None
    x: YesNo = None


class WithNote(History):
    noted: Noted = Noted()


class Placed(Facts):
    state: Literal["ohio", "elsewhere"] | None = None
    since: MomentField = None


class OfPlace(History):
    place: Placed = Placed()


class OfWord(History):
    state: Literal["ohio", "elsewhere"] | None = None


class OfMoment(History):
    born: MomentField = None


class Listed(History):
    visits: list[Visit] = Field(default=[])


class Named(History):
    visits: dict[str, Visit] = Field(default={})


class SeveralGroups(History):
    groups: tuple[About, ...] = ()


class Nested(Record):
    visits: tuple[Visit, ...] = ()


class OfNested(History):
    nested: tuple[Nested, ...] = ()


class WithFacts(Record):
    about: About = About()


class OfFacts(History):
    records: tuple[WithFacts, ...] = ()


class Sourced(Record):
    id: YesNo = None  # type: ignore[assignment]  # the mistake that is refused
    source: Literal["a", "b"] | None = None


class OfSourced(History):
    records: tuple[Sourced, ...] = ()


class OwnAccount(History):
    account_id: YesNo = None  # type: ignore[assignment]  # the mistake that is refused


class OwnComplete(History):
    complete: tuple[Visit, ...] = ()  # type: ignore[assignment]  # the mistake that is refused


class Unfinished(History):
    records: "tuple[NotYet, ...]" = ()  # type: ignore[name-defined]  # noqa: F821  # it is refused


class OnePair(Record):
    order: ClassVar[tuple[str, ...]] = ("first", "then")  # type: ignore[assignment]  # the mistake
    first: MomentField = None
    then: MomentField = None


class OfOnePair(History):
    records: tuple[OnePair, ...] = ()


class NoDict(Record):
    exists_if: ClassVar[list[str]] = ["paid_at"]  # type: ignore[assignment]  # the mistake
    paid: YesNo = None
    paid_at: MomentField = None


class OfNoDict(History):
    records: tuple[NoDict, ...] = ()


@pytest.mark.parametrize(
    ("model", "paths", "words"),
    [
        (OfPlace, ["place.state", "place.since"], "only yes/no facts are read"),
        (OfWord, ["state"], "only yes/no facts are read"),
        (OfMoment, ["born"], "only yes/no facts are read"),
        (Listed, ["visits"], r"Write `visits: tuple\[Visit, ...\] = \(\)`"),
        (Named, ["visits"], "is no tuple of them"),
        (SeveralGroups, ["groups"], "there is one"),
        (OfNested, ["nested[].visits"], "within a record"),
        (OfFacts, ["records[].about"], "within a record"),
        (OfSourced, ["records[].id", "records[].source"], "it is no fact"),
        (OwnAccount, ["account_id"], "Give the field another name"),
        (OwnComplete, ["complete"], "Give the field another name"),
        (Unfinished, ["Unfinished"], "names a class that is not there yet"),
        (OfOnePair, [""], "takes pairs of moments"),
        (OfNoDict, [""], "takes a dict"),
    ],
)
def test_what_a_model_declares_and_nobody_would_read_is_refused_with_its_place(
    model: type[History], paths: list[str], words: str
) -> None:
    """A history could say it, and no verdict would heed it; two of them ended in a traceback."""
    with pytest.raises(InvalidDefinition, match=words) as caught:
        shape(model)
    assert [problem.path for problem in caught.value.problems] == paths
    assert {problem.code for problem in caught.value.problems} == {"definition-model"}


def test_only_yes_no_facts_of_a_group_are_facts() -> None:
    assert shape(WithNote).yes_no == ("noted.x",)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (GroupInGroup, "would be known"),
        (MaybeGroupInGroup, "is a group within a group"),
        (EnumWords, "as `Literal` texts"),
        (GatedSpans, "is in no order"),
        (CheckedSpans, "is in no order"),
        (NoList, "would be known"),
        (MaybeNoList, "give it an empty tuple"),
        (NoGroup, "give it an empty group"),
    ],
)
def test_a_model_that_is_not_read_is_refused(model: type[History], words: str) -> None:
    with pytest.raises(InvalidDefinition, match=words):
        shape(model)


def test_moments_are_placed_as_early_and_as_late_as_their_order_allows() -> None:
    list_shape = shape(Visits).lists["visits"]
    bounds = {"came": (5, 9), "left": (3, 8), "told": (6, 20)}
    assert place({}, bounds, list_shape) == {"came": 5, "left": 5, "told": 6}
    assert place({}, bounds, list_shape, last=True) == {"came": 8, "left": 8, "told": 20}
    times = {"left": TimeSet.of((0, 6)), "told": TimeSet.of((0, 5), (9, 12))}
    assert place(times, bounds, list_shape) == {"came": 5, "left": 5, "told": 9}
    assert place(times, bounds, list_shape, last=True) == {"came": 6, "left": 6, "told": 12}
    for last in (False, True):
        assert place({"left": TimeSet.of((0, 4))}, bounds, list_shape, last=last) is None


class Later(Record):
    kind: "LaterKind | None" = None


LaterKind = Literal["a", "b", "c"]


def test_a_field_whose_words_are_declared_later_takes_several() -> None:
    Later.model_rebuild()
    assert Later(kind=["b", "a"]).kind == ("a", "b")  # type: ignore[arg-type]  # it takes a list
