"""What a slip in the core would change and no other test would see: found by mutation testing."""

from typing import Annotated, Any, ClassVar

import pytest
from pydantic import Field
from small_case import Club, Membership, at, club

from eligibility import (
    Citation,
    ClassDefinition,
    Clause,
    Condition,
    Covered,
    Ever,
    History,
    InconsistentHistory,
    InvalidMoment,
    Is,
    Moment,
    MomentField,
    Record,
    Status,
    TimeSet,
    Truth,
    Within,
    YesNo,
    any_of,
    evaluate,
)
from eligibility.facts.model import unique_ids
from eligibility.facts.normalise import normalise

T = at("2024")
EARLY, LATE = TimeSet.before(at("2020")), TimeSet.since(at("2020"))
PAID, ADULT = Is("visits[].paid", True), Is("about.adult", True)
AS_MEMBER = Covered("visits[].came", "members")
AS_LISTED = Covered("visits[].came", "bans")


class Letter(Record):
    """Written, perhaps answered, then sent, and filed at any time."""

    order: ClassVar[tuple[tuple[str, str], ...]] = (("written", "answered"), ("written", "sent"))
    exists_if: ClassVar[dict[str, str]] = {"answered": "has_answer"}

    has_answer: YesNo = None
    written: MomentField = None
    answered: MomentField = None
    sent: MomentField = None
    filed: MomentField = None


class Post(History):
    letters: Annotated[tuple[Letter, ...], unique_ids] = Field(default=(), title="Letters")
    members: Annotated[tuple[Membership, ...], unique_ids] = Field(default=(), title="Memberships")


def span(first: int, last: int) -> str:
    """Some instant from the one to the other, in microseconds."""
    return Moment.between(T + first, T + last, "UTC").text


def crossing(first: int, last: int) -> dict[str, Any]:
    """A span that covers one of these instants at least, and none surely."""
    return {"start": f"../{span(last, last)}", "end": f"{span(first, first)}/.."}


def visit(first: int, last: int, **known: Any) -> dict[str, Any]:
    return {"came": span(first, last), "paid": True, **known}


def status(*conditions: Condition, **known: Any) -> Status:
    complete = ["visits", "members", "bans"]
    history = Club(account_id="C-1", time_zone="UTC", complete=complete, **known)
    return evaluate(history, club(*conditions)).status


# ---- spans that surely cover no single instant ----

BOTH = [visit(5, 5), visit(6, 6)]


def test_whatever_a_crossing_span_is_cut_down_to_must_let_a_record_through() -> None:
    known: dict[str, Any] = {"visits": BOTH, "members": [crossing(5, 6)]}
    assert status(PAID, AS_MEMBER, **known) is Status.ELIGIBLE
    # each instant helps, and neither is enough
    assert status(PAID, AS_MEMBER, AS_LISTED, **known) is Status.INELIGIBLE
    known["bans"] = [crossing(5, 6)]
    assert status(PAID, AS_MEMBER, AS_LISTED, **known) is Status.INDETERMINATE


def test_two_crossing_spans_may_do_together_what_neither_does_alone() -> None:
    visits = [visit(1, 1), visit(5, 5), visit(2, 4)]
    certain = {"start": span(3, 3), "end": span(3, 3)}
    members = [crossing(1, 2), crossing(4, 5), certain]
    assert status(PAID, AS_MEMBER, visits=visits, members=members) is Status.ELIGIBLE
    for fewer in (members[:2], members[1:], [members[0], certain]):
        assert status(PAID, AS_MEMBER, visits=visits, members=fewer) is Status.INDETERMINATE


def test_a_disjunct_or_a_record_that_fails_does_not_hide_those_after_it() -> None:
    known: dict[str, Any] = {"members": [crossing(5, 6)], "about": {"adult": False}}
    either = any_of(ADULT, PAID)
    assert status(either, AS_MEMBER, visits=BOTH, **known) is Status.ELIGIBLE
    unpaid = visit(5, 5, paid=False)
    assert status(PAID, AS_MEMBER, visits=[unpaid, *BOTH], **known) is Status.ELIGIBLE


@pytest.mark.parametrize("idle", [(100, 101), (6, 7)])
def test_crossing_spans_that_help_nobody_do_not_count_towards_the_most(
    idle: tuple[int, int],
) -> None:
    """Fifteen instants are more than fourteen spans can cover: the last visit is out of reach."""
    members = [*[crossing(*idle)] * 13, crossing(5, 6)]
    visits = [*BOTH, visit(100, 114)]
    assert status(PAID, AS_MEMBER, visits=visits, members=members) is Status.ELIGIBLE


def test_crossing_spans_carry_no_further_than_the_clause_that_they_meet() -> None:
    history = Club(
        account_id="C-1",
        time_zone="UTC",
        visits=BOTH,
        members=[crossing(5, 6)],
        complete=["visits", "members"],
    )
    found = evaluate(history, club(PAID, AS_MEMBER, AS_LISTED))
    assert [clause.truth.word for clause in found.clauses] == ["true", "true", "unknown"]


# ---- moments that may not exist, and moments in no order ----

WRITTEN_EARLY = Within("letters[].written", EARLY)
WRITTEN_LATE = Within("letters[].written", LATE)
FILED_EARLY = Within("letters[].filed", EARLY)


def post(*conditions: Condition, **known: Any) -> Status:
    source = Citation("The post office's rules, a fiction")
    clauses = tuple(Clause(f"c{n}", "words", source, c) for n, c in enumerate(conditions))
    definition = ClassDefinition("post", "1", "The post", Post, clauses)
    complete = ["letters", "members"]
    history = Post(account_id="P-1", time_zone="UTC", complete=complete, **known)
    return evaluate(history, definition).status


def test_what_an_answer_that_may_not_exist_would_imply_is_not_relied_on() -> None:
    """Were there an answer, the second letter was written by 5; there may be none."""
    letters = [
        {"written": span(7, 7)},
        {"written": span(5, 6), "answered": span(5, 5)},
    ]
    certain = {"start": span(5, 5), "end": span(5, 5)}
    found = post(
        Covered("letters[].written", "members"),
        letters=letters,
        members=[certain, crossing(6, 7)],
    )
    assert found is Status.ELIGIBLE


def test_a_letter_may_be_older_or_younger_than_an_answer_that_may_not_exist() -> None:
    letters = [{"written": "2019/2021", "answered": "2019"}]
    assert post(WRITTEN_EARLY, letters=letters) is Status.INDETERMINATE
    assert post(WRITTEN_LATE, letters=letters) is Status.INDETERMINATE
    letters = [letters[0] | {"has_answer": True}]
    assert post(WRITTEN_EARLY, letters=letters) is Status.ELIGIBLE
    assert post(WRITTEN_LATE, letters=letters) is Status.INELIGIBLE


def test_moments_after_one_that_may_not_exist_are_placed_too() -> None:
    sent_early = Within("letters[].sent", EARLY)
    late = [{"written": "2019", "sent": "2021"}]
    assert post(WRITTEN_EARLY, sent_early, letters=late) is Status.INELIGIBLE
    early = [{"written": "2018", "sent": "2019"}]
    assert post(WRITTEN_EARLY, sent_early, letters=early) is Status.ELIGIBLE


def test_only_moments_that_have_an_order_are_placed_in_it() -> None:
    answered = Is("letters[].has_answer", True)
    open_one = [{"has_answer": True, "filed": "2019/2021"}]
    assert post(answered, WRITTEN_LATE, FILED_EARLY, letters=open_one) is Status.INDETERMINATE


def test_normalised_records_keep_their_place() -> None:
    history = Post(account_id="P-1", letters=[{}, {"has_answer": True}, {"has_answer": False}])
    assert [made.index for made in normalise(history).lists["letters"]] == [0, 1, 2]


# ---- spans that must ever have been ----


@pytest.mark.parametrize(
    ("end", "found"),
    [
        ("2021", Status.ELIGIBLE),
        ("2019/2021", Status.INDETERMINATE),
        ("2019", Status.INELIGIBLE),
    ],
)
def test_a_span_surely_lasts_no_longer_than_its_earliest_end(end: str, found: Status) -> None:
    members = [{"start": "2018", "end": end}]
    assert status(Ever("members", LATE), members=members) is found


# ---- what is said ----


def test_a_clash_names_both_moments_in_full() -> None:
    with pytest.raises(InconsistentHistory) as caught:
        evaluate(
            Club(account_id="C-1", members=[{}, {"start": "2021", "end": "2020"}]), club(ADULT)
        )
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("inconsistent", "members[1].end")
    assert problem.message == (
        "`members[1].start` and `members[1].end` contradict each other: they cannot both be so."
    )
    assert problem.hint == "Correct one of them, or leave out what is not known."


GAP_HINT = "Write the instant with its offset, such as `2024-03-10T03:30:00-07:00`."
NOTATION_HINT = (
    "Write `2024-09-17T23:59:00-07:00`, `2024-09-17`, `2024-09`, `2024-09-1X`, "
    "or bounds such as `2024-05/2024-08`."
)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2024-03-10T02:30", GAP_HINT),
        ("1899", "Check the year. Leave a bound open that is not known, as in `../2024-09-17`."),
        ("May", NOTATION_HINT),
    ],
)
def test_hints_in_full(text: str, hint: str) -> None:
    with pytest.raises(InvalidMoment) as caught:
        Moment.parse(text)
    assert caught.value.problems[0].hint == hint


def test_a_day_that_the_zone_skips_is_named_as_a_bound() -> None:
    with pytest.raises(InvalidMoment, match="has a bound, `2011-12-30`, that its zone skips"):
        Moment.parse("../2011-12-30", "Pacific/Apia")
    with pytest.raises(InvalidMoment, match="names a local time that its zone skips"):
        Moment.parse("2011-12-30", "Pacific/Apia")


def test_what_python_is_told_in_full() -> None:
    with pytest.raises(ValueError, match=r"^what is surely so is possibly so$"):
        Truth(True, False)
    with pytest.raises(TypeError) as caught:
        bool(Truth.UNKNOWN)
    assert str(caught.value) == (
        "a Truth is not a bool: unknown is neither. Ask `.surely` (true in every world) "
        "or `.possibly` (true in some world)."
    )
    with pytest.raises(TypeError) as caught:
        assert Moment.at(0) < 1
    assert str(caught.value) == (
        "moments have no order of their own (compared with int): ask `a.before(b)`, which "
        "answers with a Truth, or sort by `sort_key`."
    )


@pytest.mark.parametrize("text", ["1900-06-01", "2200-06-01"])
def test_days_of_the_first_and_the_last_year_are_written_as_days(text: str) -> None:
    read = Moment.parse(text, "UTC")
    assert Moment.between(read.earliest, read.latest, "UTC").text == text


def test_asking_for_either_answer_asks_for_nothing() -> None:
    """What is asked of a letter that may have no answer must not be read off its answer."""
    either = Is("letters[].has_answer", {True, False})
    letters = [{"written": "2019/2021", "answered": "2019"}]
    assert post(WRITTEN_LATE, either, letters=letters) is Status.INDETERMINATE
