"""Other models than the case: clause truths of small histories, by every one of their worlds.

Lists of words, statements of completeness with conditions, and suppositions; moments in order,
moments that need not exist, of records and of spans.
"""

from collections import Counter
from random import Random

import pytest
from shop import Shop, all_returned, shop
from small_case import Club, club
from small_worlds import Worlds, instant, random_history, truths
from workshop import Workshop, all_extended, all_mended, workshop

from eligibility import (
    ClassDefinition,
    Covered,
    Ever,
    History,
    InconsistentHistory,
    Is,
    Supposition,
    TimeSet,
    Uncovered,
    Within,
    evaluate,
)
from eligibility.audit.certificate import verify
from eligibility.audit.enumeration import Enumeration
from eligibility.facts.normalise import normalise

EARLY = TimeSet.before(instant(2))
CAME = "visits[].came"
FIXED, BROKE = "repairs[].fixed", "repairs[].broke"
MENDED = all_mended(instant(2))
CLOSED = all_mended(instant(2), ("warranties", "recalls"))
EXTENDED = all_extended(instant(2))

CLUBS = {
    "filters": club(
        Is("visits[].paid", True),
        Is("visits[].kind", {"short"}),
        Within(CAME, EARLY),
        Covered(CAME, "members", (Is("members[].level", "gold"),)),
        Uncovered(CAME, "bans", (Is("bans[].level", {"gold", "guest"}),)),
        exclusions=(Is("about.resident", False),),
    ),
    "account": club(
        Ever("members", EARLY, (Is("members[].level", {"gold", "silver"}),)),
        Is("about.adult", True),
    ),
    "spans": club(Covered(CAME, "members"), Uncovered(CAME, "bans")),
}
WORKSHOPS = {
    "moments": workshop(Is("repairs[].mended", True), Within(BROKE, EARLY), Within(FIXED, ~EARLY)),
    "late": workshop(Is("repairs[].part", {"brake", "chain"}), Within(FIXED, EARLY)),
    "covered": workshop(
        Is("repairs[].part", {"brake", "lamp"}),
        Covered(FIXED, "warranties", (Is("warranties[].level", "full"),)),
        Uncovered(BROKE, "recalls"),
    ),
    "extended": workshop(
        Covered(BROKE, "warranties", (Is("warranties[].extended", True),)),
        Is("owner.trader", False),
    ),
    "ever": workshop(
        Within(BROKE, ~EARLY), Ever("recalls", EARLY, (Is("recalls[].level", {"full", "parts"}),))
    ),
}
BOUGHT, RETURNED, BACK = "purchases[].bought", "purchases[].returned", "purchases[].back"
ONLINE, NO_TRADER = Is("purchases[].way", "online"), Is("trader", False)
SHOPS = {
    "kept": shop(Is(BACK, False), Within(BOUGHT, EARLY), NO_TRADER),
    "returned": shop(
        Is(BACK, True),
        Within(RETURNED, ~EARLY),
        Covered(BOUGHT, "memberships"),
        exclusions=(Is("trader", True),),
    ),
    "of age": shop(Covered(RETURNED, "memberships"), Is("of_age", True), NO_TRADER),
    "member": shop(ONLINE, Within(BOUGHT, ~EARLY), Ever("memberships", ~EARLY)),
}
RETURN_ALL = [all_returned(instant(2)), all_returned(instant(2), ("memberships",))]
HISTORIES = 25
MOST_WORLDS = 150


def assert_decided_by_worlds(
    history: History, definition: ClassDefinition, so: Supposition | None, worlds: Worlds
) -> str:
    """Whether all three say the same, where exact; else that none says what is not so."""
    verdict = evaluate(history, definition, supposing=so)
    found = truths(worlds, definition)
    ours = [clause.truth.word for clause in verdict.clauses]
    reach = Enumeration(history, definition, supposition=so).reach
    audit = [getattr(reach.truth(at), "word", None) for at in range(1, 1 + len(found))]
    shown = f"{definition.id} {so and so.name} {history.model_dump_json(exclude_none=True)}"
    if verdict.exact:
        assert ours == found, shown
    if reach.exact:
        assert audit == found, shown
    for said, is_so in zip([*ours, *audit], [*found, *found], strict=True):
        assert said in (is_so, "unknown", None), shown
    if so is None or so.list == definition.record_list:
        assert verdict.exact, shown
        assert reach.exact, shown
    return verdict.status.value


@pytest.mark.parametrize("so", [None, MENDED, CLOSED, EXTENDED], ids=lambda so: so and so.name)
@pytest.mark.parametrize("kind", WORKSHOPS)
def test_a_workshop_is_decided_by_worlds(kind: str, so: Supposition | None) -> None:
    _check(Workshop, WORKSHOPS[kind], so)


@pytest.mark.parametrize("kind", CLUBS)
def test_a_club_is_decided_by_worlds(kind: str) -> None:
    _check(Club, CLUBS[kind], None)


@pytest.mark.parametrize("so", [None, *RETURN_ALL], ids=["plain", "supposed", "and closed"])
@pytest.mark.parametrize("kind", SHOPS)
def test_a_shop_is_decided_by_worlds(kind: str, so: Supposition | None) -> None:
    """Of the account there are yes/no facts in no group."""
    _check(Shop, SHOPS[kind], so)


def _check(model: type[History], definition: ClassDefinition, so: Supposition | None) -> None:
    rng, seen = Random(f"{definition.digest} {so and so.name}"), Counter[str]()
    assert definition.exact
    while sum(seen.values()) < HISTORIES:
        history = random_history(rng, model, clarity=rng.choice([0.6, 0.9, 1]))
        worlds = Worlds(history, so)
        if worlds.count > MOST_WORLDS:
            continue
        if worlds.count == 0:
            with pytest.raises(InconsistentHistory):
                normalise(history)
            continue
        seen[assert_decided_by_worlds(history, definition, so, worlds)] += 1
    assert len(seen) > 1, seen


@pytest.mark.parametrize("so", [MENDED, CLOSED], ids=["open", "closed"])
@pytest.mark.parametrize("kind", ["moments", "late", "covered"])
def test_verdicts_of_another_case_hold_as_supposed(kind: str, so: Supposition) -> None:
    """Status, clauses, reasons and scenarios; questions are held to relevance elsewhere."""
    rng, definition, count = Random(f"verify {kind}"), WORKSHOPS[kind], 0
    while count < 12:
        history = random_history(rng, Workshop)
        if Worlds(history, so).count == 0:
            continue
        verdict = evaluate(history, definition, supposing=so)
        certificate = verify(history, verdict, definition, {so.name: so})
        wrong = [each for each in certificate.wrong if not each.path.startswith("questions")]
        assert wrong == [], history.model_dump_json(exclude_none=True)
        count += 1
