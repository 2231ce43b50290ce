"""One meaning, of what a history says by halves: several words, conditions, what is supposed."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal

import polars as pl
import pytest
from engines import Population, Tables, agree, drawn_for, raw_tables, small_worlds
from hard_cases import hard_cases
from possibilities import loosened

from eligibility import (
    AccountHistory,
    Citation,
    ClassDefinition,
    Clause,
    Covered,
    History,
    Is,
    MomentField,
    Record,
    Span,
    Supposition,
    TimeSet,
    Within,
    YesNo,
)
from eligibility.batch import decide, prepare
from eligibility.batch.execute.decide import Inquiry
from eligibility.batch.execute.decide import decided as decided_of
from eligibility.batch.execute.engines import engine_named
from eligibility.batch.tables.json_lines import read_lines
from eligibility.facts.shape import shape
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.values.timeline import write_instant

READINGS = list(every_reading())
SUPPOSITIONS = {"as it is": None, "as alleged": AS_ALLEGED}


@cache
def people() -> Population:
    """Accounts of which less is said than others say."""
    found: list[History] = [*hard_cases()[::3], *small_worlds(200, "possibilities")]
    for reading in READINGS[::40]:
        found += drawn_for(class_definition(reading), 80)
    return Population.of(loosened(found, "said by halves"), AS_ALLEGED)


@cache
def tables() -> Tables:
    return raw_tables(people().histories, AccountHistory, Random(16))


@cache
def held() -> dict[str, pl.LazyFrame]:
    ready = prepare(tables(), AccountHistory)
    return {name: frame.collect().lazy() for name, frame in ready.tables.items()}


@pytest.mark.parametrize("supposing", SUPPOSITIONS)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_each_engine_says_what_the_reference_says(engine: str, supposing: str) -> None:
    supposed = SUPPOSITIONS[supposing]
    first = 2 * (engine == "duckdb") + (supposed is None)
    for reading in READINGS[first * 7 :: 28]:
        definition = class_definition(reading)
        found = decided_of(held(), definition, engine_named(engine), supposed)
        want = people().expected(definition, supposed=supposed is not None)
        words = f"{engine}, {reading.words()}, {supposing}"
        agree(found.rows(named=True), want, people(), words)


def test_what_sql_says_of_several_words_and_of_what_is_supposed_needs_no_reference(
    tmp_path: Path,
) -> None:
    """The reference is asked of those that state conditions and are open, hardly of any other."""
    definition = class_definition()
    stated = {h.account_id for h in people().histories if any(map(_is_statement, h.complete))}
    for supposing in (None, AS_ALLEGED):
        engine_named("polars")(Inquiry([definition], supposing).plan, held(), tmp_path / "v")
        rows = pl.read_parquet(tmp_path / "v")
        left = set(rows.filter(~pl.col("exact"))["account_id"])
        is_open = pl.any_horizontal(pl.col("^clause_.*$") == "unknown")
        open_yet = set(rows.filter(is_open)["account_id"])
        assert stated & open_yet <= left <= open_yet
        assert len(stated & open_yet) < len(stated)
        others = people().facts.keys() - stated
        assert len(left - stated) < len(others) / 10


def _is_statement(each: Any) -> bool:
    return not isinstance(each, str)


def test_json_lines_are_read_as_the_reference_reads_them(tmp_path: Path) -> None:
    lines = tmp_path / "people.jsonl"
    lines.write_text("\n".join(h.model_dump_json() for h in people().histories))
    (chunk,) = read_lines(lines, tmp_path / "read", AccountHistory, workers=1)
    names = ("accounts", *shape(AccountHistory).lists)
    found = {name: pl.scan_parquet(chunk / f"{name}.parquet") for name in names}
    for supposing in (None, AS_ALLEGED):
        definition = class_definition(READINGS[5])
        rows = decided_of(found, definition, engine_named("polars"), supposing)
        want = people().expected(definition, supposed=supposing is not None)
        agree(rows.rows(named=True), want, people(), "JSON lines")


# ---- a supposition of another case: words, moments that nothing is supposed of, and gaps ----

SOURCE = Citation("A fiction")


class Delivery(Record):
    order = (("ordered", "sent"), ("sent", "arrived"))
    exists_if = {"sent": "was_sent", "arrived": "was_sent"}  # noqa: RUF012 - frozen by the model

    kind: Literal["letter", "parcel", "pallet"] | None = None
    was_sent: YesNo = None
    ordered: MomentField = None
    sent: MomentField = None
    arrived: MomentField = None


class Bill(Record):
    kind: Literal["rent", "fee", "fine"] | None = None
    was_paid: YesNo = None
    due: MomentField = None
    paid: MomentField = None
    order = (("due", "paid"),)
    exists_if = {"paid": "was_paid"}  # noqa: RUF012 - frozen by the model


class Lease(Span):
    kind: Literal["flat", "house", "shop"] | None = None
    is_paid: YesNo = None


class Tenant(History):
    bills: tuple[Bill, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    leases: tuple[Lease, ...] = ()


BEFORE = 2_000_000_000_000_005
AXIS = range(BEFORE - 5, BEFORE + 5)


def _moment(rng: Random) -> str | None:
    first, last = sorted((rng.choice(AXIS), rng.choice(AXIS)))
    if rng.random() < 0.3:
        last = first
    ends = (write_instant(first), write_instant(last))
    return rng.choice([None, ends[0], "/".join(ends), "/".join(ends), f"../{ends[1]}"])


def _record(name: str, rng: Random) -> dict[str, Any]:
    seen = shape(Tenant).lists[name]
    record: dict[str, Any] = {field: _moment(rng) for field in seen.moments}
    for field in seen.yes_no:
        record[field] = rng.choice([True, True, False, None])
        if record[field] is False:
            record |= dict.fromkeys(seen.record.exists_if)
    for field, words in seen.vocabulary.items():
        record[field] = rng.sample(words, rng.randint(1, len(words)))
    return record


@cache
def tenants() -> tuple[History, ...]:
    rng = Random("tenants")
    found = []
    for _ in range(700):
        lists = {
            name: [_record(name, rng) for _ in range(rng.choice([0, 1, 1, 2]))]
            for name in shape(Tenant).lists
        }
        complete = [name for name in lists if rng.random() < 0.7]
        made = {"account_id": "T", "complete": complete, **lists}
        found.append(Tenant.model_validate(made))
    return tuple(loosened(found[:150], "tenants")) + tuple(found[150:])


def supposition(name: str, unless: tuple[str, Any], when: str, fact: str, then: str) -> Supposition:
    return Supposition("told", "As told.", SOURCE, name, unless, when, BEFORE, fact, then)


BILLS = supposition("bills", ("kind", "fine"), "due", "was_paid", "paid")
SENT = supposition("deliveries", ("kind", "letter"), "ordered", "was_sent", "sent")
#: SQL does not say what these leave: a fact takes a record out that is supposed of it; a moment is
#: supposed of that may not exist; they are about spans.
ODD = [
    supposition("bills", ("was_paid", False), "due", "was_paid", "paid"),
    supposition("deliveries", ("kind", "letter"), "sent", "was_sent", "arrived"),
    supposition("leases", ("kind", "shop"), "start", "is_paid", "end"),
]


def _class(name: str, *asked: Any) -> ClassDefinition:
    clauses = [Clause(f"c{at}", "words", SOURCE, each) for at, each in enumerate(asked)]
    return ClassDefinition(name, "1", "t", Tenant, tuple(clauses))


def _classes(so: Supposition) -> list[ClassDefinition]:
    name, when, fact, then = so.list, so.when, so.fact, so.then
    upto = TimeSet.before(BEFORE)
    odd = TimeSet.of((BEFORE - 3, BEFORE - 1), (BEFORE + 1, BEFORE + 3))
    at = f"{name}[].{{}}".format
    words = shape(Tenant).lists[name].vocabulary["kind"]
    kind = Is(at("kind"), frozenset({words[0], words[2]}))
    others = Is(at("kind"), frozenset(words) - {so.unless[1]})
    flat = (Is("leases[].kind", frozenset({"flat", "house"})),)
    conditions = [
        [kind, Is(at(fact), True), Within(at(then), upto)],
        [Within(at(when), odd), kind],
        [Is(at(fact), True), Within(at(then), odd), Covered(at(when), "leases", flat)],
        [Covered(at(then), "leases", flat), Within(at(when), upto), kind],
        [Is(at(fact), False), Within(at(when), odd)],
        [others, Within(at(when), upto), Within(at(then), TimeSet.since(BEFORE))],
        [Within(at(when), TimeSet.of((BEFORE - 5, BEFORE - 3), (BEFORE, BEFORE + 5)))],
    ]
    return [_class(f"{name}-{n}", *each) for n, each in enumerate(conditions)]


@pytest.mark.parametrize("supposing", [BILLS, SENT], ids=["bills", "deliveries"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_is_supposed_of_another_case_is_what_the_reference_supposes(
    engine: str, supposing: Supposition
) -> None:
    some = Population.of(tenants(), supposing)
    made = raw_tables(some.histories, Tenant, Random(17))
    for definition in _classes(supposing)[engine == "duckdb" :: 2]:
        rows = decide(made, definition, engine=engine, supposing=supposing).rows(named=True)
        known = [row for row in rows if row["status"] is not None]
        want = some.expected(definition, supposed=True)
        agree(known, want, some, f"{engine}, {definition.id}")


@pytest.mark.parametrize("supposing", ODD, ids=["the same fact", "no moment", "spans"])
def test_what_sql_does_not_say_of_a_supposition_the_reference_does(supposing: Supposition) -> None:
    some = Population.of(tenants()[:300], supposing)
    made = raw_tables(some.histories, Tenant, Random(18))
    definition = _classes(SENT if supposing.list == "deliveries" else BILLS)[3]
    rows = decide(made, definition, supposing=supposing).rows(named=True)
    known = [row for row in rows if row["status"] is not None]
    agree(known, some.expected(definition, supposed=True), some, supposing.list)
