"""How definitions stand to each other, against worlds listed one by one."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from random import Random

import pytest
from small_case import Club, at, club

from eligibility import (
    AccountHistory,
    AllOf,
    AnyOf,
    ClassDefinition,
    Condition,
    Covered,
    Ever,
    InvalidDefinition,
    Is,
    Status,
    TimeSet,
    Uncovered,
    Within,
    evaluate,
)
from eligibility.analysis import Comparison, Relation, compare, order
from eligibility.analysis.comparison import Classes
from eligibility.audit.worlds import in_class, is_world
from eligibility.facts.model import History
from eligibility.rules import (
    EXCLUDED,
    Exclusion,
    Messages,
    Reading,
    Recipient,
    class_definition,
    every_reading,
)
from eligibility.values.timeline import write_instant

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
START = at("2020")
CAME = "visits[].came"
GOLD, SILVER = Is("members[].level", "gold"), Is("members[].level", "silver")
EITHER = Is("members[].level", {"gold", "silver"})
EARLY = TimeSet.before(START + 1)
LEAVES: tuple[Condition, ...] = (
    Is("visits[].paid", True),
    Is("visits[].kind", "short"),
    Is("about.adult", True),
    Is("about.adult", False),
    Within(CAME, EARLY),
    Within(CAME, ~EARLY),
    Within(CAME, TimeSet.of((START, START + 1))),
    Covered(CAME, "members"),
    Covered(CAME, "members", (GOLD,)),
    Covered(CAME, "members", (EITHER,)),
    Uncovered(CAME, "members", (GOLD,)),
    Uncovered(CAME, "members", (SILVER,)),
    Uncovered(CAME, "bans"),
    Ever("members", EARLY),
    Ever("members", EARLY, (GOLD,)),
)


def random_definition(rng: Random) -> ClassDefinition:
    while True:
        parts = [rng.choice(LEAVES) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            parts = [AnyOf((parts[0], rng.choice(LEAVES))), *parts[1:]]
        try:
            return club(*parts)
        except InvalidDefinition:
            continue


def random_world(rng: Random) -> Club:
    """A world on an axis of three instants: at most two visits, two members, one ban."""

    def instant() -> int:
        return START + rng.randrange(3)

    def span() -> dict[str, str]:
        start, end = sorted((instant(), instant()))
        level = rng.choice(("gold", "silver", "guest"))
        return {"level": level, "start": write_instant(start), "end": write_instant(end)}

    return Club.model_validate(
        {
            "account_id": "C-1",
            "visits": [
                {
                    "kind": rng.choice(("short", "long")),
                    "paid": rng.random() < 0.7,
                    "came": write_instant(instant()),
                }
                for _ in range(rng.randrange(3))
            ],
            "members": [span() for _ in range(rng.randrange(3))],
            "bans": [span() for _ in range(rng.randrange(2))],
            "about": {"adult": rng.random() < 0.5, "resident": False},
            "complete": ["visits", "members", "bans"],
        }
    )


def held_to_its_word(found: Comparison) -> None:
    """A comparison's witnesses are worlds, and are in the one class and out of the other."""
    sides = ((found.only_a, found.a, found.b), (found.only_b, found.b, found.a))
    for history, inside, outside in sides:
        if history is not None:
            assert is_world(history)
            assert in_class(history, inside)
            assert not in_class(history, outside)
            assert evaluate(history, inside).status is Status.ELIGIBLE
            assert evaluate(history, outside).status is Status.INELIGIBLE


OPPOSITE = {Relation.WIDER: Relation.NARROWER, Relation.NARROWER: Relation.WIDER}


def test_against_worlds_listed_one_by_one() -> None:
    """What a listed world shows, a comparison finds; what it finds is shown by its witness."""
    rng = Random(20250121)
    worlds = [random_world(rng) for _ in range(400)]
    relations = set()
    for count in range(120):
        a, b = random_definition(rng), random_definition(rng)
        if count % 20 == 0:
            b = club(*(clause.condition for clause in reversed(a.clauses)))
        found = compare(a, b)
        held_to_its_word(found)
        assert found.complete
        relations.add(found.relation)
        inside = [(in_class(world, a), in_class(world, b)) for world in worlds]
        assert found.only_a or (True, False) not in inside
        assert found.only_b or (False, True) not in inside
        if found.relation is Relation.DISJOINT:
            assert (True, True) not in inside
        assert compare(b, a).relation is OPPOSITE.get(found.relation, found.relation)
    assert relations == set(Relation)


def test_a_definition_is_equivalent_to_itself() -> None:
    for reading in (Reading(), Reading.of(premium_when="ever", exclusions="customary")):
        found = compare(class_definition(reading), class_definition(reading))
        assert found.relation is Relation.EQUIVALENT
        assert (found.only_a, found.only_b) == (None, None)


def test_clauses_in_other_words_are_equivalent() -> None:
    split = club(Covered(CAME, "members", (GOLD,)), Is("visits[].paid", True))
    whole = club(AllOf((Is("visits[].paid", True), Covered(CAME, "members", (GOLD,)))))
    assert compare(split, whole).relation is Relation.EQUIVALENT


def test_spans_that_cover_only_together() -> None:
    """Two levels of members cover what neither need cover: a witness of more than one span."""
    both = club(Covered(CAME, "members", (GOLD,)), Ever("members", TimeSet.ALL, (SILVER,)))
    found = compare(both, club(Covered(CAME, "members", (GOLD,))))
    assert found.relation is Relation.NARROWER
    beyond = compare(both, club(Ever("members", EARLY, (SILVER,))))
    assert beyond.relation is Relation.OVERLAPPING
    assert beyond.only_a is not None
    assert len(beyond.only_a.members) == 2  # type: ignore[attr-defined]  # a Club has them


def test_an_instant_between_two_edges_is_found() -> None:
    """There is one instant in the one and not in the other, and no dull one."""
    wide = club(Within(CAME, TimeSet.of((START, START + 2))))
    ends = (TimeSet.of((at, at)) for at in (START, START + 2))
    narrow = club(AnyOf(tuple(Within(CAME, end) for end in ends)))
    found = compare(wide, narrow)
    assert found.relation is Relation.WIDER
    held_to_its_word(found)
    assert found.only_a is not None
    assert found.only_a.visits[0].came.earliest == START + 1  # type: ignore[attr-defined]  # a Club's visit has it


def test_what_is_not_complete_says_so() -> None:
    own = club(Uncovered("members[].start", "members", (GOLD,)))
    found = compare(own, club(Is("members[].level", "silver")))
    assert not found.complete
    assert found.sentence.endswith("Only histories with few records could be tried.")


def test_definitions_over_different_histories_are_refused() -> None:
    with pytest.raises(InvalidDefinition, match="`AccountHistory`, `Club`") as caught:
        compare(class_definition(), club(Is("about.adult", True)))
    assert [problem.code for problem in caught.value.problems] == ["definition-model"]


# ---- the readings of the case --------------------------------------------------------------------

READINGS = [class_definition(reading) for reading in every_reading()]


@pytest.fixture(scope="module")
def inside() -> set[tuple[int, int]]:
    """Which reading takes in nobody that another does not: pairs of places."""
    classes = Classes(READINGS)
    assert classes.complete
    places = range(len(READINGS))
    return {(a, b) for a, b in product(places, repeat=2) if not classes.takes_more(a, b)}


def test_inclusion_of_readings_is_transitive(inside: set[tuple[int, int]]) -> None:
    assert all((a, a) in inside for a in range(len(READINGS)))
    chains = product(inside, repeat=2)
    assert all((a, c) in inside for (a, b), (also_b, c) in chains if b == also_b)


def test_a_sample_of_readings_is_compared_as_they_lie(inside: set[tuple[int, int]]) -> None:
    rng = Random(7)
    for _ in range(40):
        a, b = rng.randrange(96), rng.randrange(96)
        found = compare(READINGS[a], READINGS[b])
        held_to_its_word(found)
        assert (found.only_a is None) == ((a, b) in inside)
        assert (found.only_b is None) == ((b, a) in inside)


def test_the_whole_order_is_that_of_its_parts(inside: set[tuple[int, int]]) -> None:
    """Whose messages count, who must have had them, and the exclusions, narrow every reading."""
    readings = list(every_reading())
    for a, one in enumerate(readings):
        for b, other in enumerate(readings):
            rest = tuple(
                readings.index(Reading(Messages.SENT_OR_RECEIVED, *each))
                for each in (
                    (one.date_limits, one.premium_when, one.update_day),
                    (other.date_limits, other.premium_when, other.update_day),
                )
            )
            fewer_messages = one.messages in (other.messages, Messages.SENT)
            more_exclusions = one.exclusions in (other.exclusions, Exclusion.CUSTOMARY)
            fewer_sharings = one.recipient in (other.recipient, Recipient.THIRD_PARTIES)
            narrower = fewer_messages and more_exclusions and fewer_sharings
            assert ((a, b) in inside) == (rest in inside and narrower)


def test_the_order_has_as_many_classes_as_there_are_readings() -> None:
    found = order(READINGS)
    assert (len(found.classes), len(found.covers), found.complete) == (96, 288, True)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            {"messages": "sent"},
            (
                "The reading `sent` leaves out accounts that the reading "
                "`sent-or-received` takes in, "
                "such as one that does not meet “whose own InMail messages, those they "
                "sent” (“Did the "
                "account send or receive it?”: received); it lets nobody in."
            ),
        ),
        (
            {"update_day": "through"},
            (
                "The reading `through` lets in accounts that the reading `before` "
                "leaves out, such as "
                "one that does not meet “shared before the day of the policy update, 18 September "
                "2024, began, in the court's zone” (“When was it shared?”: 18 September 2024); it "
                "leaves nobody out."
            ),
        ),
        (
            {"premium_when": "messaged"},
            (
                "The reading `messaged` leaves out accounts that the reading `shared` "
                "takes in, such "
                "as one that does not meet “LinkedIn Premium users when it was sent or received” "
                "(“When was it sent?”: 1 January 2024; “Premium subscriptions: Start”: "
                "17 September "
                "2024); it lets in others, such as one that does not meet “LinkedIn "
                "Premium users when "
                "it was shared” (“When was it shared?”: 17 September 2024; “Premium subscriptions: "
                "End”: 1 January 2024)."
            ),
        ),
    ],
)
def test_a_sentence_for_a_lawyer(word: dict[str, str], sentence: str) -> None:
    assert compare(class_definition(Reading.of(**word)), class_definition()).sentence == sentence


def test_a_sentence_names_all_words_that_differ() -> None:
    other = class_definition(Reading.of(messages="sent", premium_when="ever"))
    assert compare(other, class_definition()).sentence.startswith(
        "The reading `messages=sent, premium_when=ever` leaves out"
    )


def test_sentences_without_readings() -> None:
    early, late = club(Within(CAME, EARLY)), club(Within(CAME, ~EARLY))
    assert compare(early, early).sentence == (
        "The first definition and the second definition take in the same accounts."
    )
    both = compare(early, club(Within(CAME, EARLY), Is("visits[].paid", True)))
    assert both.sentence.startswith("The first definition lets in accounts")
    # one account may have an early visit and a late one
    assert compare(early, late).relation is Relation.OVERLAPPING
    apart = compare(club(Is("about.adult", True)), club(Is("about.adult", False)))
    assert apart.relation is Relation.DISJOINT
    assert apart.sentence.endswith("No account fits both.")


def test_the_witness_is_dull() -> None:
    found = compare(class_definition(), class_definition(Reading.of(messages="sent"))).only_a
    assert found == AccountHistory.model_validate(
        {
            "account_id": "example",
            "premium": [
                {"plan": "premium_career", "start": "2023-01-01T00:00:00-08:00", "end": ".."}
            ],
            "messages": [
                {
                    "inmail": True,
                    "direction": "received",
                    "shared": True,
                    "sent_at": "2024-01-01T00:00:00-08:00",
                    "shared_at": "2024-01-01T00:00:00-08:00",
                    "recipient": "third_party",
                }
            ],
            "exclusions": dict.fromkeys(EXCLUDED, False),
            "complete": ["premium", "messages", "permissions"],
        }
    )


# ---- the picture ---------------------------------------------------------------------------------


def drawn() -> list[ClassDefinition]:
    """The readings of the picture: all, but for the three words that narrow every one of them."""
    widest = (Messages.SENT_OR_RECEIVED, Recipient.ANYONE, Exclusion.NONE)
    return [
        class_definition(reading)
        for reading in every_reading()
        if (reading.messages, reading.recipient, reading.exclusions) == widest
    ]


def test_the_picture_in_the_docs_is_what_is_found() -> None:
    page = (DOCS / "compare-definitions.md").read_text(encoding="utf-8")
    shown = re.findall(r"^ *```mermaid\n(.*?)^ *```$", page, re.DOTALL | re.MULTILINE)
    plain = ["\n".join(line[4:] for line in each.splitlines()) for each in shown]
    assert plain == [order(drawn()).mermaid()]


def test_the_drawing_in_the_docs_has_the_same_arrows() -> None:
    found = order(drawn())
    svg = (DOCS / "readings-in-order.svg").read_text(encoding="utf-8")
    arrows = set(re.findall(r'data-id="L_c(\d+)_c(\d+)_0"', svg))
    assert arrows == {(str(a), str(b)) for a, b in found.covers}
    boxes = re.findall(r"<tspan[^>]*>(\w+)</tspan>", svg)
    names = ("date_limits", "premium_when", "update_day")
    assert boxes == [reading.reading[n] for (reading,) in found.classes for n in names]


def test_equals_share_a_box() -> None:
    same = (club(Is("about.adult", True)), club(AllOf((Is("about.adult", True),))))
    assert order(same).mermaid() == 'flowchart TD\n  c0["club<br>or<br>club"]'


# ---- the extra -----------------------------------------------------------------------------------


def test_without_the_extra_there_is_one_clear_error() -> None:
    program = "import sys; sys.modules['z3'] = None\nimport eligibility.analysis"
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program], check=False, capture_output=True, encoding="utf-8"
    )
    assert done.stderr.splitlines()[-1] == (
        "ImportError: eligibility.analysis needs its extra. "
        "In a clone of eligibility, run: pip install '.[analysis]'"
    )


def test_histories_of_other_models_are_worlds_too() -> None:
    found = compare(club(Is("about.adult", True)), club(Is("about.resident", True))).only_a
    assert isinstance(found, History)
    assert found.model_dump(exclude_defaults=True, exclude={"account_id", "complete"}) == {
        "about": {"adult": True, "resident": False}
    }
