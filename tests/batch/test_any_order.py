"""Clauses in any order, and many definitions at once: what one does not ask, none goes without."""

from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from crowded import SOMEWHERE, crowded
from engines import HALVES, Population, agree, agree_or_are_open, raw_tables
from flo import flo_class
from small_case import Club, club

from eligibility import ClassDefinition, Covered, Ever, History, Is, TimeSet, Uncovered, Within
from eligibility.batch import decide, prepare
from eligibility.batch.execute.decide import Inquiry, decided_to
from eligibility.batch.execute.engines import engine_named, on_polars
from eligibility.batch.sql.statement import plan_of
from eligibility.facts.supposition import Supposition
from eligibility.rules import AS_ALLEGED, class_definition, every_reading

READINGS = list(every_reading())
_CAME = "visits[].came"


def normalised_frames(
    people: Population, model: type[History], seed: object
) -> dict[str, pl.LazyFrame]:
    """The tables of some accounts, normalised; exactly those fit that some world fits."""
    ready = prepare(raw_tables(people.histories, model, Random(str(seed))), model)
    frames = {name: frame.collect().lazy() for name, frame in ready.tables.items()}
    assert set(frames["accounts"].collect()["account_id"]) == people.facts.keys()
    return frames


def check(definition: ClassDefinition, seed: object, supposing: Supposition | None = None) -> None:
    """Hold the text, as Polars runs it, to the reference."""
    people = Population.of(crowded(definition, 150, seed), supposing)
    frames = normalised_frames(people, definition.model, seed)
    rows = on_polars(plan_of([definition], supposing), frames).collect().rows(named=True)
    want = people.expected(definition, supposed=supposing is not None)
    sure = [row for row in rows if row["exact"]]
    expected = {row["account_id"]: want[row["account_id"]] for row in sure}
    agree(sure, expected, people, str([(step.id, step.condition) for step in definition.steps]))


def shuffled(definition: ClassDefinition, rng: Random) -> ClassDefinition:
    clauses = tuple(rng.sample(definition.clauses, len(definition.clauses)))
    return ClassDefinition(
        definition.id,
        definition.version,
        definition.title,
        definition.model,
        clauses,
        definition.exclusions,
        reading=definition.reading,
    )


def some_times(rng: Random) -> TimeSet:
    places = sorted(rng.sample(range(SOMEWHERE - 4, SOMEWHERE + 5), rng.choice([2, 4])))
    return TimeSet.union(zip(places[::2], places[1::2], strict=True))


def some_club(rng: Random) -> ClassDefinition:
    """A few conditions in any order, some of them about one moment."""
    levels = rng.choice([(), (Is("members[].level", frozenset({"gold", "silver"})),)])
    banned = rng.choice([(), (Is("bans[].level", "guest"),)])
    conditions = [
        Uncovered(_CAME, "bans", banned),
        Covered(_CAME, "members", levels),
        Within(_CAME, some_times(rng)),
        Is("visits[].paid", True),
        Is("visits[].kind", "short"),
        Is("about.adult", True),
        Ever("members", some_times(rng), levels),
    ]
    return club(*rng.sample(conditions, rng.choice([2, 3, 4])))


def test_a_clause_does_not_ask_what_only_a_later_one_asks() -> None:
    """Nobody was banned when they came, though no member could have come then."""
    history: dict[str, Any] = {
        "account_id": "FICTIONAL-1",
        "complete": ["visits", "members", "bans"],
        "visits": [{"came": "2024-03-01"}],
        "members": [{"start": "2024-01-01", "end": "2024-01-05"}],
        "bans": [{"start": "2024-01-10", "end": "2024-01-20"}],
    }
    people = Population.of([Club.model_validate(history)])
    definition = club(Uncovered(_CAME, "bans"), Covered(_CAME, "members"))
    (row,) = decide(raw_tables(people.histories, Club, Random(1)), definition).rows(named=True)
    assert (row["clause_c1"], row["clause_c2"], row["decided_by"]) == ("true", "false", "c2")


@pytest.mark.parametrize("seed", range(4))
def test_conditions_in_any_order(seed: int) -> None:
    rng = Random(f"any order {seed}")
    for at in range(12):
        check(some_club(rng), (seed, at))


def test_clauses_of_the_case_in_any_order() -> None:
    rng = Random("the case")
    for at, reading in enumerate(READINGS[::7]):
        check(shuffled(class_definition(reading), rng), at, (None, AS_ALLEGED)[at % 2])


def test_clauses_of_the_second_case_in_any_order() -> None:
    rng = Random("the second case")
    for at in range(6):
        check(shuffled(flo_class(california=at % 2 == 1), rng), at)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("supposing", [None, AS_ALLEGED])
def test_a_survey_of_half_of_the_readings_has_the_status_that_evaluate_gives(
    tmp_path: Path, supposing: Supposition | None, engine: str
) -> None:
    # every reading with and without the supposition; the other half is the other engine's
    half = HALVES[(engine == "polars") == (supposing is None)]
    definitions = [class_definition(reading) for reading in half]
    people = Population.of(crowded(definitions[0], 500, "survey"), supposing)
    frames = normalised_frames(people, definitions[0].model, "survey")
    file, supposed = tmp_path / "survey.parquet", supposing is not None
    decided_to(file, frames, Inquiry(definitions, supposing), engine_named(engine))
    rows = pl.read_parquet(file).rows(named=True)
    assert not agree_or_are_open(rows, definitions, people, supposed=supposed)
