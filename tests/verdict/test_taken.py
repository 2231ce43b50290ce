"""What is left out of the search since it is in anyway: looked for as well, the same is found."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.definition.conditions import Covered
from eligibility.evaluation.work import Work
from eligibility.facts.boxes import Box
from eligibility.facts.known import KnownRecord
from eligibility.rules import AS_ALLEGED, Reading, class_definition, every_reading
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.verdict.relevance import Relevance
from eligibility.verdict.turning import let_in, span_turns
from eligibility.verdict.turning.contenders import Contenders
from eligibility.verdict.turning.ends import Ends
from eligibility.verdict.turning.in_one_pass import Turning
from eligibility.verdict.turning.let_in import taken
from eligibility.verdict.turning.outdone import SurelyOutdone
from eligibility.verdict.turning.pairs import Pair
from eligibility.verdict.turning.span_turns import Cuts
from eligibility.verdict.turning.taken import Taken
from eligibility.verdict.unknown import RelevantFact

READINGS = [
    *every_reading(),
    *(Reading.of(premium_when="messaged", exclusions=each) for each in ("none", "customary") * 24),
]
#: In the last of these, spans leave some message in however they lie.
SEEDS = (*range(80), 82, 88, 113, 131, 133, 151, 160, 204, 207, 212)
DATES = ("start", "end", "sent_at", "shared_at")


def drawn(rng: Random) -> AccountHistory:
    """Messages sent exactly or vaguely, beside receipts and permissions with vague ends."""

    def month() -> int:
        return rng.randrange(1, 10)

    def sent() -> str:
        at = month()
        return rng.choice([f"2023-0{at}-05", f"2023-0{at}", f"../2023-0{at}-05", "2023"])

    def shared() -> dict[str, object]:
        at = rng.choice([f"2023-1{rng.choice('01')}", f"../2023-0{month()}-25", None])
        return rng.choice([{}, {}, {"shared": True, "shared_at": at}])

    premium: list[dict[str, Any]] = []
    for _ in range(rng.choice([1, 2])):
        at = f"2023-0{month()}-12"
        premium.append({"plan": "premium_career", "start": f"../{at}", "end": f"{at}/.."})
    messages = [
        {"inmail": rng.choice([True, None]), "direction": "sent", "sent_at": sent(), **shared()}
        for _ in range(rng.choice([1, 2, 3]))
    ]
    permissions = [
        {"start": rng.choice([f"2023-0{month()}", "2022/2023"]), "end": "2023/2024"}
        for _ in range(rng.choice([0, 1, 1]))
    ]
    names = ["premium", "permissions", "messages"]
    return AccountHistory(
        account_id="A-1",
        premium=premium,
        messages=messages,
        permissions=permissions,
        complete=rng.choice([names, names[1:], names[:2], names[::2]]),
    )


KNOWERS: list[Callable[[str], bool]] = [
    lambda path: "shared" not in path,
    lambda path: "shared" not in path and "inmail" not in path,
    lambda path: "messages[" not in path,
    lambda path: "sent_at" not in path,
]


def searches() -> Iterator[Relevance]:
    for seed in SEEDS:
        rng = Random(seed)
        definition, supposing = (
            class_definition(rng.choice(READINGS)),
            rng.choice([None, AS_ALLEGED]),
        )
        try:
            verdict = evaluate(drawn(rng), definition, supposing=supposing)
        except EligibilityError:  # it contradicts itself
            continue
        if verdict.status is Status.INDETERMINATE:
            plenty = Work(1_000_000)
            yield Relevance(verdict._facts, definition, rng.choice(KNOWERS), work=plenty)


def found() -> list[tuple[object, object]]:
    return [
        (
            [fact.path for fact in each.matter()],
            {name: each.where(name) for name in each.facts.lists if each.of_list(name)},
        )
        for each in searches()
    ]


def cuts_found() -> Iterator[tuple[Relevance, RelevantFact, list[Cuts]]]:
    for each in searches():
        for fact in each.matter():
            if fact.field in DATES:
                yield each, fact, list(each.cuts(fact))


def test_whatever_is_left_out_would_turn_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    few, few_cuts, asked = found(), list(cuts_found()), Counter[str]()

    def never(of: type | ModuleType, name: str, instead: Callable[..., object]) -> None:
        is_so = getattr(of, name)

        def says(self: Any, *said: Any) -> object:
            asked[f"{of.__name__}.{name}"] += is_so(self, *said) != instead(self, *said)
            return instead(self, *said)

        monkeypatch.setattr(of, name, says)

    never(Taken, "is_at", lambda *_: False)
    never(Taken, "is_from", lambda *_: False)
    never(Taken, "has", lambda taken, one, _asked: taken.anyway.has(one))
    never(Taken, "left", lambda *_: TimeSet.ALL)
    never(span_turns, "contested", lambda *_: TimeSet.ALL)
    never(Contenders, "_reaches_beyond", lambda *_: False)
    never(SurelyOutdone, "has", lambda *_: False)
    may_be_left = vars(Turning)["_can_be_left"].fget

    def says_so(turning: Turning) -> bool:
        asked["Turning._can_be_left"] += not may_be_left(turning)
        return True

    monkeypatch.setattr(Turning, "_can_be_left", property(says_so))
    assert found() == few
    for (_, _, some), (search, fact, every) in zip(few_cuts, cuts_found(), strict=True):
        assert bool(some) == bool(every)
        assert all(search.divides(fact, at) for cuts in some for at in cuts)
    assert len(asked) == 8
    assert min(asked.values()) > 10, asked


@pytest.mark.parametrize("can_know", [True, False])
def test_nothing_is_tried_to_be_sure_where_the_account_stays_unknown(can_know: bool) -> None:
    """Nobody knows whether it is the account of somebody who is left out."""
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2022", "end": ".."}],
        messages=[{"inmail": True, "sent_at": "2023", "shared": True, "shared_at": "2023-05"}],
        permissions=[{"start": "2023", "end": "2024"}],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(exclusions="customary"))
    facts, (disjunct,) = evaluate(history, definition)._facts, definition.normal_form.disjuncts

    def knower(path: str) -> bool:
        return can_know or path != "exclusions.counsel"

    assert Turning(facts, definition, disjunct, knower, True, Work(10_000)).can_turn is can_know


ONE = frozenset({"permissions[0].start"})
MORE = ONE | {"complete.permissions", "permissions[].start", "permissions[].end"}
MANY = MORE - ONE - {"permissions[].start"}
LATER = {"list": "permissions", "where": {"end": "2023-05-10/.."}}


@pytest.mark.parametrize(
    ("days", "complete", "known", "asked"),
    [
        pytest.param(["10"], "permissions", ONE, ["start"], id="one"),
        pytest.param(["10", "20"], "permissions", ONE, [], id="not two"),
        pytest.param(["10", "20"], LATER, MORE, [], id="nor by one more that ended"),
        pytest.param(["10"], LATER, MORE, ["start"], id="one, and one more is not asked"),
        pytest.param(["08", "10"], LATER, MORE, ["start", "complete"], id="one by one more"),
        pytest.param(["07", "08"], LATER, MANY, ["complete"], id="two by two more"),
    ],
)
def test_nothing_is_tried_where_spans_leave_a_record_in_however_they_lie(
    monkeypatch: pytest.MonkeyPatch,
    days: list[str],
    complete: str | dict[str, object],
    known: frozenset[str],
    asked: list[str],
) -> None:
    """A permission of which nobody knows the end can cover one instant that is later, not two."""
    instants = [f"2023-05-{day}T12:00:00Z" for day in days]
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": at, "end": at} for at in instants],
        messages=[{"inmail": True, "sent_at": "2023-04-20"}],
        permissions=[{"start": "2023-03/..", "end": "2023-05-02/.."}],
        complete=["premium", "messages", complete],
    )
    tried, turns = [], Turning.turns
    monkeypatch.setattr(Turning, "turns", lambda *args: tried.append(args) or turns(*args))
    relevance = Relevance(evaluate(history)._facts, class_definition(), known.__contains__)
    assert [fact.field for fact in relevance.matter()] == asked
    assert asked or not tried


def test_spans_that_help_are_known_to_their_end_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ways there are for those that harm."""
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2022", "end": ".."}],
        messages=[{"inmail": True, "sent_at": "2023-04-20"}],
        permissions=[{"start": "2023-03/..", "end": "2023-05-02/.."}],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(premium_when="ever"))
    (disjunct,) = definition.normal_form.disjuncts
    facts, known = evaluate(history)._facts, "permissions[0].start"
    turning = Turning(facts, definition, disjunct, known.__eq__, False, Work(10_000))
    lists, of_list = Counter[str](), Ends._of_list
    monkeypatch.setattr(
        Ends,
        "_of_list",
        lambda of, pair, leaf, *more: lists.update([leaf.spans]) or of_list(of, pair, leaf, *more),
    )
    pair = Pair(turning.base, turning.base)
    assert len(list(turning.ends.of(pair, None, lambda *_: True))) > 2
    assert lists == {"premium": 1, "permissions": 1}


def test_no_room_is_looked_for_before_a_pair_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023", "end": ".."}],
        messages=[{"sent_at": f"2023-05-0{day}"} for day in (5, 6)],
        complete=["premium", "messages", "permissions"],
    )
    monkeypatch.delattr(Turning, "leaves_room")
    facts, definition = evaluate(history)._facts, class_definition()
    relevance = Relevance(facts, definition, lambda path: path.endswith("inmail"))
    assert [fact.path for fact in relevance.matter()] == [f"messages[{at}].inmail" for at in (0, 1)]


def test_an_instant_is_taken_from_where_another_record_can_follow() -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023-03", "end": "2023-05"}],
        messages=[
            {"inmail": True, "sent_at": "2023-04-05", "shared": True, "shared_at": "2023-11/2025"},
            {"inmail": True, "sent_at": "2023"},
        ],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(premium_when="messaged"))
    facts, (disjunct,) = evaluate(history)._facts, definition.normal_form.disjuncts
    turning = Turning(facts, definition, disjunct, KNOWERS[0], False, Work(10_000))
    is_taken = taken(turning, "premium")
    assert is_taken is not None
    before, after = (Moment.parse(day).earliest for day in ("2023-10-31", "2023-11-02"))
    assert is_taken.is_at("shared_at", after)
    assert not is_taken.is_at("shared_at", before)
    assert is_taken.is_from("sent_at", after)
    assert not is_taken.is_from("sent_at", before)


def test_what_no_record_that_is_let_in_can_be_is_later_than_the_last() -> None:
    """As alleged both were shared by the update, though no clause says when sharing counts."""
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023-03", "end": "2023-05"}],
        messages=[{"inmail": True, "sent_at": "2023-04-05"}, {"inmail": True, "sent_at": "2023"}],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(premium_when="messaged", date_limits="message"))
    facts = evaluate(history, definition, supposing=AS_ALLEGED)._facts
    (disjunct,) = definition.normal_form.disjuncts
    turning = Turning(facts, definition, disjunct, KNOWERS[0], False, Work(10_000))
    is_taken = taken(turning, "premium")
    assert is_taken is not None
    before, after = (Moment.parse(day).earliest for day in ("2023-04-04", "2023-04-07"))
    assert is_taken.is_from("sent_at", after)
    assert not is_taken.is_from("sent_at", before)
    assert is_taken.is_from("sent_at", Moment.parse("2024-09-18").earliest)


@pytest.mark.parametrize(
    ("reading", "sent", "shared", "asked"),
    [
        ({"date_limits": "message"}, "2024-06/2025", "2024-07/2025", "shared_at"),
        ({"premium_when": "shared"}, "2023-05/2023-08", "2023-05/2023-08", "sent_at"),
    ],
)
def test_what_hangs_on_a_moment_may_say_that_it_lies_within(
    reading: dict[str, str], sent: str, shared: str, asked: str
) -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2023-06-01", "end": ".."}],
        messages=[{"inmail": True, "sent_at": sent, "shared": True, "shared_at": shared}],
        complete=["premium", "messages", "permissions"],
    )
    relevance = Relevance(
        evaluate(history)._facts,
        class_definition(Reading.of(**reading)),
        lambda path: path.endswith(asked),
    )
    assert [fact.path for fact in relevance.matter()] == [f"messages[0].{asked}"]


def box(inmail: bool, *shared: int) -> Box:
    return Box({"inmail": frozenset({inmail})}, {"shared_at": shared})


@pytest.mark.parametrize(
    ("boxes", "known", "is_so"),
    [
        ([box(True, 1, 9)], {"shared_at"}, True),
        # one of two boxes may be in at the first instant, the other at the last, and none between
        ([box(True, 1, 9), box(True, 1, 3)], set(), False),
        # nobody can know that it is no InMail, so it may be one
        ([box(True, 1, 9), box(False, 1, 12)], set(), True),
        ([box(True, 1, 9), box(False, 1, 12)], {"inmail"}, False),
        # it may have been shared later than any InMail was, and that can be known
        ([box(True, 1, 9), box(False, 1, 12)], {"shared_at"}, False),
        ([box(True, 1, 9), box(False, 1, 9)], {"shared_at"}, True),
    ],
)
def test_only_an_opponent_that_is_in_by_one_box_is_in_at_every_instant_between_two(
    boxes: list[Box], known: set[str], is_so: bool
) -> None:
    both = KnownRecord(0, {}, tuple(boxes))
    contenders = SimpleNamespace(
        name="messages",
        list_shape=SimpleNamespace(
            record=SimpleNamespace(order=(("sent_at", "shared_at"),)),
            placing=(("shared_at", (), ()),),
        ),
        times={"shared_at": TimeSet.of((1, 9))},
        able=lambda _moment: (both,),
        spans=SimpleNamespace(known=lambda _name, _index: known),
        staying=lambda _times: (both,),
    )
    shared = SimpleNamespace(times=TimeSet.of((1, 9)), coverage=(SimpleNamespace(spans="premium"),))
    disjunct = SimpleNamespace(moments={"shared_at": shared}, values={"inmail": frozenset({True})})
    anyway = SimpleNamespace(times={}, lets_in=True, disjunct=disjunct)
    found = Taken(contenders, anyway, "permissions")
    assert found.is_from("sent_at", 5) is is_so
    assert found.is_from("sent_at", 10)  # later than it can be shared


def left(
    moment: str,
    reading: dict[str, str],
    shared: list[str],
    *,
    knows: Callable[[str], bool] = KNOWERS[0],
    permissions: list[dict[str, str]] | None = None,
    turned: str = "permissions",
) -> TimeSet:
    """Where a moment is left of one message that was shared in one of several stretches."""
    histories = [
        AccountHistory(
            account_id="A-1",
            premium=[{"plan": "premium_career", "start": "2023-03", "end": "2025"}],
            messages=[{"inmail": True, "sent_at": "2023", "shared": True, "shared_at": each}],
            permissions=permissions or [],
            complete=["premium", "messages", "permissions"],
        )
        for each in shared
    ]
    definition = class_definition(Reading.of(**reading))
    every = [evaluate(history)._facts for history in histories]
    (disjunct,) = definition.normal_form.disjuncts
    turning = Turning(every[0], definition, disjunct, knows, False, Work(10_000))
    (record, *others) = (facts.lists["messages"][0] for facts in every)
    more = tuple(box for each in others for box in each.boxes)
    is_taken = taken(turning, turned)
    assert is_taken is not None
    return is_taken.left(KnownRecord(0, record.said, record.boxes + more), moment)


def since(day: str) -> TimeSet:
    return TimeSet.since(Moment.parse(day).earliest)


def test_a_message_need_not_be_let_in_where_it_is_in_anyway() -> None:
    """It was shared by the end of July: sent by then, it is in, if it was sent with Premium."""
    sent = {"premium_when": "messaged"}
    assert left("sent_at", sent, ["2023-05/2023-07"]) == since("2023-08-01")
    vague = [{"start": "2023-06/2023-07", "end": "2025"}]
    assert left("sent_at", sent, ["2023-05/2023-07"], permissions=vague) == since("2023-06-01")


def test_it_may_have_to_where_more_can_be_known_or_hangs_on_it() -> None:
    sent, shared = {"premium_when": "messaged"}, {"premium_when": "shared"}
    either, months = ["2023-05/2023-07", "2023-09/2023-10"], ["2023-05/2023-07"]
    assert left("sent_at", sent, either) == TimeSet.ALL  # in one stretch, or in the other
    assert left("sent_at", sent, months, knows=lambda _: True) == TimeSet.ALL
    assert left("sent_at", sent, months, turned="premium") == TimeSet.ALL  # it has to be let in
    assert left("sent_at", shared, months) == TimeSet.ALL  # no span is asked of it
    after = left("shared_at", shared, months, knows=KNOWERS[3], turned="")
    assert after == TimeSet.ALL  # the earlier it was shared, the less room has what comes before


PREMIUM, PERMISSION = (Covered("visits[].at", name, ()) for name in ("premium", "permissions"))


def searching(*staying: SimpleNamespace, evers: tuple[bool, ...] = ()) -> SimpleNamespace:
    """A surely pass in which some are in, if all that they ask is done; `looked` says how often."""
    looked: list[dict[Covered, TimeSet]] = []

    def are_in(done: dict[Covered, TimeSet]) -> list[SimpleNamespace]:
        looked.append(done)
        own = [one.bounds["at"] for one in staying]
        return [
            one
            for one, at in zip(staying, own, strict=True)
            if all(done[leaf].covers(*at) for leaf in done)
        ]

    return SimpleNamespace(
        surely=True,
        anyway=SimpleNamespace(holds=bool, times_with=lambda done: done),
        disjunct=SimpleNamespace(evers=evers),
        contenders=SimpleNamespace(staying=are_in),
        kept={},
        looked=looked,
    )


def visit(*at: int) -> SimpleNamespace:
    return SimpleNamespace(bounds={"at": at})


def test_whoever_is_in_on_both_sides_leaves_nothing_to_turn() -> None:
    """Spans of other lists do what is asked in both histories, those of one list in one of them."""
    turning = searching(visit(4, 6))
    asked = [(PREMIUM, 3, 7), (PERMISSION, 3, 7)]
    assert let_in.contested(turning, asked, "premium") == TimeSet.of((4, 6))
    assert let_in.contested(turning, asked, "others") == TimeSet.EMPTY
    assert let_in.contested(turning, [(PREMIUM, 5, 7)], "premium") == TimeSet.ALL  # nobody is in
    assert let_in.contested(turning, [(PREMIUM, 5, 5)], "premium") == TimeSet.ALL  # of one instant


def test_two_who_are_in_leave_what_both_of_them_need() -> None:
    asked = [(PREMIUM, 1, 9)]
    assert let_in.contested(searching(visit(2, 5), visit(4, 7)), asked, "premium") == TimeSet.of(
        (4, 5)
    )
    assert let_in.contested(searching(visit(2, 3), visit(4, 7)), asked, "premium").is_empty


@pytest.mark.parametrize(("holds", "is_so"), [(True, TimeSet.of((4, 6))), (False, TimeSet.ALL)])
def test_nobody_is_in_anyway_where_a_span_at_some_time_may_be_what_turns(
    holds: bool, is_so: TimeSet
) -> None:
    """What is asked of a moment may be done in both histories, of the account in one of them."""
    turning = searching(visit(4, 6), evers=(holds,))
    assert let_in.contested(turning, [(PREMIUM, 3, 7)], "premium") == is_so


def test_what_was_found_of_some_is_not_looked_for_again() -> None:
    """Who was in is so where more is done; where nobody was, nobody is where less is done."""
    turning = searching(visit(4, 6))
    for asked in ((5, 9), (6, 8), (3, 7), (2, 9), (5, 8), (4, 6)):
        let_in.contested(turning, [(PREMIUM, *asked)], "premium")
    assert turning.looked == [{PREMIUM: TimeSet.of((5, 9))}, {PREMIUM: TimeSet.of((3, 7))}]


@pytest.mark.parametrize("june", ["2023-06", "2023-06-10"])
@pytest.mark.parametrize(
    ("sent", "may_be_in"), [("2023-05", False), ("2023-05/2023-07", True), ("2023-07", True)]
)
def test_no_message_is_surely_in_that_may_be_shared_where_some_permission_was(
    june: str, sent: str, may_be_in: bool
) -> None:
    """The permission lay in June, if only for an instant: the message must be sent after that."""
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "premium_career", "start": "2022", "end": "2024-06/.."}],
        messages=[
            {"sent_at": sent, "inmail": True, "shared": True, "shared_at": "2023-05/2023-08"}
        ],
        permissions=[{"start": june, "end": june}],
        complete=["premium", "messages", "permissions"],
    )
    relevance = Relevance(
        evaluate(history)._facts, class_definition(), lambda path: path.endswith("sent_at")
    )
    assert relevance.may_be_in is may_be_in


def test_premium_at_some_time_may_turn_whether_a_message_is_in_that_is_surely_in_else() -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": ["premium_career", "learning"], "start": "2023", "end": ".."}] * 2,
        messages=[{"inmail": True, "sent_at": "2023-05", "shared": True, "shared_at": "2023-06"}],
        complete=["premium", "messages", "permissions"],
    )
    definition = class_definition(Reading.of(premium_when="ever"))
    facts, known = evaluate(history, definition)._facts, "premium[1].plan"
    assert [each.path for each in Relevance(facts, definition, known.__eq__).matter()] == [known]
