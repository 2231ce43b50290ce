"""Many histories as one set of tables, and what `evaluate` says of each of them.

The tables are written here from the histories alone, in ways that people bring them, and share no
code with the batch engine: neither how a moment is written nor how a fact is numbered.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import polars as pl
from attrs import field, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle_histories import random_history

from eligibility import AccountHistory, ClassDefinition, History, InconsistentHistory, Truth
from eligibility.batch.tables.schema import survey_columns
from eligibility.evaluation.reference import clause_truths, is_exact
from eligibility.facts.known import KnownHistory
from eligibility.facts.normalise import normalise
from eligibility.facts.shape import shape
from eligibility.facts.supposition import Supposition
from eligibility.rules import DIMENSIONS, Reading, every_reading
from eligibility.testing import strategies as drawn
from eligibility.values.timeline import EARLIEST, LATEST

#: What is read of a result, in this order; the clauses stand between.
_WORDS: Final = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown"}
_STATUS: Final = {Truth.TRUE: "eligible", Truth.FALSE: "ineligible", Truth.UNKNOWN: "indeterminate"}
#: Nearer to 1970 a number of microseconds is refused: it may be of seconds.
_LEAST_NUMBER: Final = 10**14
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Tables = dict[str, pl.DataFrame]
Row = dict[str, str | bool | None]


def _others(reading: Reading) -> int:
    places = (list(values).index(getattr(reading, name)) for name, values in DIMENSIONS.items())
    return sum(places)


#: Half of the readings each: those that take an even number of words other than the first, and the
#: rest. So any two words of a reading stand together in both.
HALVES = [[r for r in every_reading() if _others(r) % 2 == half] for half in (0, 1)]


# ---- histories ----


@frozen
class Population:
    """Accounts, each with an id of its own: those that some world fits, and those that none does.

    `facts` and `supposed` are the reference's: as they are, and under a supposition, by what it is
    under each reading.
    """

    histories: tuple[History, ...]
    facts: Mapping[str, KnownHistory]
    supposed: dict[Supposition, Mapping[str, KnownHistory]] = field(factory=dict)
    supposing: Supposition | None = None
    _said: dict[tuple[str, bool], dict[str, Row]] = field(factory=dict, init=False, eq=False)

    @classmethod
    def of(cls, found: Iterable[History], supposing: Supposition | None = None) -> "Population":
        """The population of some histories, whatever their ids were."""
        named = tuple(
            history.model_copy(update={"account_id": f"FICTIONAL-{at:05}"})
            for at, history in enumerate(found)
        )
        facts = {}
        for history in named:
            try:
                facts[history.account_id] = normalise(history)
            except InconsistentHistory:
                continue
        return cls(named, facts, {}, supposing)

    def expected(self, definition: ClassDefinition, *, supposed: bool = False) -> dict[str, Row]:
        """What the reference says, by account; said once, however many engines are held to it."""
        asked = definition.digest, supposed
        if asked not in self._said:
            known = self._supposed(definition) if supposed else self.facts
            self._said[asked] = {name: _row(facts, definition) for name, facts in known.items()}
        return self._said[asked]

    def _supposed(self, definition: ClassDefinition) -> Mapping[str, KnownHistory]:
        assert self.supposing is not None
        under = self.supposing.under(definition.reading)
        if under not in self.supposed:
            known = [each for each in self.histories if each.account_id in self.facts]
            self.supposed[under] = {h.account_id: under.suppose(normalise(h)) for h in known}
        return self.supposed[under]

    def history(self, account: str) -> str:
        """One history as JSON, for messages."""
        (found,) = (each for each in self.histories if each.account_id == account)
        return json.dumps(found.model_dump(mode="json", exclude_none=True))


def _row(facts: KnownHistory, definition: ClassDefinition) -> Row:
    truths, steps = clause_truths(facts, definition), [step.id for step in definition.steps]
    named = zip(steps, truths, strict=True)
    row: Row = {"status": _STATUS[truths[-1]]}
    row |= {"clause_" + step.replace("-", "_"): _WORDS[truth] for step, truth in named}
    row["decided_by"] = steps[-1] if truths[-1] == Truth.TRUE else steps[truths.index(truths[-1])]
    is_open = truths[-1] == Truth.UNKNOWN
    return row | {"exact": is_exact(facts, definition) if is_open else definition.exact}


def draw(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples of a strategy, the same ones each time."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(example: Any) -> None:
        found.append(example)

    keep()
    return found[:count]


def drawn_for(definition: ClassDefinition, count: int) -> list[History]:
    """Histories of every kind, around the edges of a definition; a few that no world fits."""
    kinds: list[Callable[[ClassDefinition], Any]] = [drawn.histories]
    if definition.exact:
        kinds += [drawn.eligible, drawn.indeterminate, drawn.ineligible]
    found = [each for kind in kinds for each in draw(kind(definition), count // len(kinds))]
    refined = [draw(drawn.refinements(each, definition), 1)[0] for each in found[:: len(kinds) * 5]]
    return [*found, *refined, *draw(drawn.inconsistent(definition), 1 + count // 40)]


def small_worlds(count: int, seed: str) -> list[History]:
    """Histories whose moments lie on a few microseconds around a cut-off."""
    rng = Random(seed)
    return [AccountHistory.model_validate(random_history(rng)) for _ in range(count)]


# ---- the tables that people bring ----


def raw_tables(histories: Iterable[History], model: type[History], rng: Random) -> Tables:
    """The tables of some histories. How each column is written is drawn, and is never the same."""
    known, shaped = list(histories), shape(model)
    accounts: dict[str, pl.Series] = {
        "account_id": pl.Series([each.account_id for each in known], dtype=pl.String),
        "time_zone": pl.Series([each.time_zone for each in known], dtype=pl.String),
    }
    for path in shaped.yes_no:
        answers = [_follow(each, path) for each in known]
        accounts[path.replace(".", "_")] = _written(answers, (False, True), rng)
    for name in shaped.lists:
        flags = [True if name in each.complete else rng.choice([False, None]) for each in known]
        accounts[f"complete_{name}"] = _written(flags, (False, True), rng)
    stated = [[said for said in each.complete if not isinstance(said, str)] for each in known]
    if any(stated):
        texts = [json.dumps([said.plain() for said in each]) if each else None for each in stated]
        accounts["complete"] = pl.Series(texts, dtype=pl.String)
    tables = {"accounts": _shuffled(accounts, rng)}
    for name, list_shape in shaped.lists.items():
        rows = [(each.account_id, record) for each in known for record in getattr(each, name)]
        columns = {"account_id": pl.Series([account for account, _ in rows], dtype=pl.String)}
        for carried in ("id", "source"):
            texts = [getattr(record, carried) for _, record in rows]
            columns[carried] = pl.Series(texts, dtype=pl.String)
        words: dict[str, tuple[Any, ...]] = dict.fromkeys(list_shape.yes_no, (False, True))
        for field_name, values in {**words, **list_shape.vocabulary}.items():
            found = [getattr(record, field_name) for _, record in rows]
            columns[field_name] = _written(found, values, rng)
        for moment in list_shape.moments:
            found = [getattr(record, moment) for _, record in rows]
            is_end = list_shape.is_spans and moment == "end"
            columns |= _moments(moment, found, rng, is_end=is_end)
        tables[name] = _shuffled(columns, rng)
    return tables


def _follow(history: History, path: str) -> Any:
    value: Any = history
    for key in path.split("."):
        value = getattr(value, key)
    return value


def _written(found: list[Any], values: tuple[Any, ...], rng: Random) -> pl.Series:
    """Yes/no facts or words: as they are, as texts, or by number."""
    way = rng.choice(["plain", "texts", "numbers"])
    if any(isinstance(value, tuple) for value in found):
        return _several(found, rng)
    if way == "numbers":
        numbers = [rng.choice([None, -1]) if v is None else values.index(v) for v in found]
        return pl.Series(numbers, dtype=rng.choice([pl.Int8, pl.Int64, pl.Float64]), strict=False)
    if way == "plain" and values == (False, True):
        return pl.Series(found, dtype=pl.Boolean)
    texts = [rng.choice([None, "unknown"]) if v is None else _word(v, rng) for v in found]
    return pl.Series(texts, dtype=pl.String)


def _several(found: list[Any], rng: Random) -> pl.Series:
    """Words of which some are several: as lists, or as texts with `|` between them."""
    listed = [[each] if isinstance(each, str) else each and list(each) for each in found]
    for each in listed:
        rng.shuffle(each or [])
    if rng.random() < 0.5:
        return pl.Series(listed, dtype=pl.List(pl.String))
    return pl.Series([each and "|".join(each) for each in listed], dtype=pl.String)


def _word(value: bool | str, rng: Random) -> str:
    if isinstance(value, str):
        return value
    return rng.choice([str(value).lower(), str(value), str(value).upper()])


def _moments(name: str, found: list[Any], rng: Random, *, is_end: bool) -> dict[str, pl.Series]:
    """Moments: as texts, or as bounds that are numbers, texts or timestamps in UTC."""
    way = rng.choice(["texts", "texts", "numbers", "bounds", "timestamps"])
    if way == "texts":
        texts = [None if m is None else _text(m, rng, is_end=is_end) for m in found]
        return {name: pl.Series(texts, dtype=pl.String)}
    ends = {"earliest": EARLIEST, "latest": LATEST}
    columns = {}
    for end, nothing in ends.items():
        at = [nothing if m is None else getattr(m, end) for m in found]
        # where a bound is the end of the time line, nothing need be said of it
        said = [None if x == nothing and rng.random() < 0.5 else x for x in at]
        column = f"{name}_{end}"
        is_plain = all(x is None or abs(x) >= _LEAST_NUMBER for x in said)
        if way == "numbers" and is_plain:
            columns[column] = pl.Series(said, dtype=pl.Int64)
        elif way == "timestamps":
            columns[column] = pl.Series(said, dtype=pl.Datetime("us", "UTC"))
        else:
            columns[column] = pl.Series([_at(x) for x in said], dtype=pl.String)
    return columns


def _text(moment: Any, rng: Random, *, is_end: bool) -> str:
    """The moment as it was written, or by bounds that are instants."""
    first, last = moment.earliest, moment.latest
    if moment.text == ".." or rng.random() < 0.6:
        return str(moment.text)
    if is_end and (first, last) == (LATEST, LATEST):
        return ".."
    return f"{_at(first)}/{_at(last)}"


def _at(when: int | None) -> str | None:
    """An instant in RFC 3339, to the microsecond."""
    if when is None:
        return None
    return (_EPOCH + timedelta(microseconds=when)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _shuffled(columns: Mapping[str, pl.Series], rng: Random) -> pl.DataFrame:
    frame = pl.DataFrame(dict(columns))
    return frame.sample(fraction=1, shuffle=True, seed=rng.randrange(2**31))


# ---- comparing ----


def differences(
    rows: Iterable[Mapping[str, Any]], want: Mapping[str, Row], people: Population
) -> Iterator[str]:
    """Where a result is not what the reference says, account by account, with the history."""
    listed = list(rows)
    got = {row["account_id"]: row for row in listed}
    if len(got) < len(listed):
        yield f"{len(listed) - len(got)} rows are of accounts that have another"
    for account in sorted(want.keys() | got.keys()):
        found = got.get(account)
        if found is None or account not in want:
            yield f"{account} is {'missing' if found is None else 'not expected'}"
            continue
        ours = {key: value for key, value in found.items() if key not in ("account_id", "problem")}
        if ours != want[account]:
            yield f"{ours}\nis not\n{want[account]}\nof {people.history(account)}"


def agree(
    rows: Iterable[Mapping[str, Any]], want: Mapping[str, Row], people: Population, words: str
) -> None:
    """Fail with the first few differences."""
    wrong = list(differences(rows, want, people))
    assert not wrong, f"{words}: {len(wrong)} rows differ\n" + "\n\n".join(wrong[:3])


def agree_or_are_open(
    rows: Iterable[Mapping[str, Any]],
    definitions: Sequence[ClassDefinition],
    people: Population,
    *,
    supposed: bool = False,
) -> set[str]:
    """Fail where a survey differs from the reference, by any of the definitions.

    Of accounts that are not exact it may say that they are undecided, as far as the reference has
    not settled them: those of which it says so, and is wrong.
    """
    listed = list(rows)
    got = {row["account_id"]: row for row in listed}
    assert len(got) == len(listed), "an account has two rows"
    open_yet: set[str] = set()
    for definition, column in zip(definitions, survey_columns(definitions), strict=True):
        want = people.expected(definition, supposed=supposed)
        assert got.keys() == want.keys()
        others = {name for name, row in got.items() if row[column] != want[name]["status"]}
        for name in others:
            is_open = not got[name]["exact"] and got[name][column] == "indeterminate"
            assert is_open, (column, got[name][column], want[name], people.history(name))
        open_yet |= others
    return open_yet
