"""Words of which several are possible, and statements with conditions, as tables hold them."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from eligibility import AccountHistory
from eligibility.batch import prepare
from eligibility.batch.errors import InvalidTables
from eligibility.batch.tables.convert import histories_of
from eligibility.batch.tables.json_lines import REJECTS, read_lines
from eligibility.batch.tables.scan import scan

SEVERAL = ("premium_career", "premium_business")
STATED = {"list": "messages", "where": {"inmail": True, "sent_at": "../2024-09-17"}}


def read(tables: dict[str, Any]) -> tuple[list[AccountHistory], list[tuple[str, str]]]:
    """The histories that tables come to, and the columns and codes of what does not fit."""
    made = prepare(tables, AccountHistory)
    accounts = made.tables["accounts"].collect()["account_id"]
    wrong = made.rejects.select("column", "code").collect().rows()
    return list(histories_of(made.tables, accounts, AccountHistory)), wrong


def one(plan: Any) -> dict[str, Any]:
    return {
        "accounts": pl.DataFrame({"account_id": ["FICTIONAL-1"]}),
        "premium": pl.DataFrame({"account_id": ["FICTIONAL-1"], "plan": plan}),
    }


@pytest.mark.parametrize(
    "plan",
    [
        ["premium_career|premium_business"],
        ["Premium_Business|PREMIUM_CAREER|premium_career"],
        [["premium_business", "premium_career"]],
        pl.Series([["premium_career", "premium_business"]], dtype=pl.Array(pl.String, 2)),
        pl.Series(["premium_career|premium_business"], dtype=pl.Categorical),
    ],
)
def test_several_words_are_one_of_these(plan: Any) -> None:
    (history,), wrong = read(one(plan))
    assert history.premium[0].plan == SEVERAL
    assert not wrong


@pytest.mark.parametrize(
    "kind",
    [
        pl.DataFrame.to_pandas,
        pl.DataFrame.to_arrow,
        lambda frame: pd.DataFrame(frame.to_dicts()),
        lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
        lambda frame: pl.DataFrame(
            {
                "account_id": frame["account_id"],
                "plan": pl.Series(frame["plan"].to_list(), dtype=pl.Object),
            }
        ),
    ],
)
def test_lists_of_words_are_read_from_frames_of_every_kind(kind: Any) -> None:
    tables = one([list(SEVERAL)])
    (history,), wrong = read({"accounts": tables["accounts"], "premium": kind(tables["premium"])})
    assert (history.premium[0].plan, wrong) == (SEVERAL, [])


@pytest.mark.parametrize(
    "plan",
    [
        ["premium_career|gold"],
        ["premium_career|"],
        ["|"],
        ["premium_career||learning"],
        ["premium_career | learning"],
        ["unknown|learning"],
        ["0|1"],
        ["premium_career,learning"],
        [["premium_career", "gold"]],
        [["premium_career", None]],
        [["gold"]],
        pl.Series([[]], dtype=pl.List(pl.String)),
        [-4],
        ["-4"],
    ],
)
def test_what_is_no_list_of_words_is_refused_by_name(plan: Any) -> None:
    histories, wrong = read(one(plan))
    assert not histories
    assert wrong == [("plan", "not-in-vocabulary")]


def test_a_list_that_names_every_word_or_that_is_null_says_nothing() -> None:
    words = AccountHistory.model_json_schema()["$defs"]["Subscription"]["properties"]["plan"]
    every = words["anyOf"][0]["anyOf"][0]["enum"] if "anyOf" in words["anyOf"][0] else None
    every = every or words["anyOf"][0]["enum"]
    for plan in (["|".join(every)], [every], pl.Series([None], dtype=pl.List(pl.String))):
        (history,), wrong = read(one(plan))
        assert (history.premium[0].plan, wrong) == (None, [])


def test_lists_of_anything_else_are_no_words() -> None:
    with pytest.raises(InvalidTables, match="plan"):
        read(one([[1, 2]]))
    with pytest.raises(InvalidTables, match="inmail"):
        read({**one([None]), "messages": pl.DataFrame({"account_id": ["A"], "inmail": [["yes"]]})})


def test_a_folder_may_hold_lists_in_one_part_and_texts_in_another(tmp_path: Path) -> None:
    (tmp_path / "premium").mkdir()
    lists = [[*SEVERAL], ["learning"], None, [], ["learning", None]]
    ids = [f"FICTIONAL-{at}" for at in range(7)]
    pl.DataFrame({"account_id": ids}).write_csv(tmp_path / "accounts.csv")
    named = pl.DataFrame(
        {"account_id": ids[:5], "plan": pl.Series(lists, dtype=pl.List(pl.String))}
    )
    named.write_parquet(tmp_path / "premium" / "a.parquet")
    texts = pl.DataFrame({"account_id": ids[5:], "plan": ["|".join(SEVERAL), "other"]})
    texts.write_csv(tmp_path / "premium" / "b.csv")
    histories, wrong = read(scan(tmp_path, AccountHistory))
    read_as = [each.premium[0].plan for each in histories]
    assert read_as == [SEVERAL, "learning", None, SEVERAL, "other"]
    assert wrong == [("plan", "not-in-vocabulary")] * 2


def test_a_list_column_of_arrow_is_read() -> None:
    table = pa.table({"account_id": ["FICTIONAL-1"], "plan": [list(SEVERAL)]})
    (history,), wrong = read({"accounts": one([None])["accounts"], "premium": table})
    assert (history.premium[0].plan, wrong) == (SEVERAL, [])


def stating(text: Any, zone: str | None = None) -> dict[str, Any]:
    known = {"account_id": ["FICTIONAL-1"], "complete_premium": [True], "complete": [text]}
    return {"accounts": pl.DataFrame({**known, "time_zone": [zone]})}


@pytest.mark.parametrize("zone", [None, "Asia/Kathmandu"])
def test_a_statement_with_conditions_is_read_in_the_zone_of_its_account(zone: str | None) -> None:
    (history,), wrong = read(stating(json.dumps([STATED]), zone))
    data = {"account_id": "FICTIONAL-1", "complete": ["premium", STATED]}
    assert (
        history.complete
        == AccountHistory.model_validate(data | ({"time_zone": zone} if zone else {})).complete
    )
    assert not wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[{", "malformed-json"),
        ('{"list": "messages"}', "wrong-type"),
        ('["messages"]', "wrong-type"),
        ('[{"list": "messages"}]', "missing"),
        ('[{"list": "letters", "where": {}}]', "unknown-list"),
        ('[{"list": "messages", "where": {"colour": "red"}}]', "unknown-key"),
        ('[{"list": "messages", "where": {"inmail": "yes"}}]', "wrong-type"),
        ('[{"list": "messages", "where": {"direction": "up"}}]', "not-in-vocabulary"),
        ('[{"list": "messages", "where": {"sent_at": "2024-02-30"}}]', "moment-calendar"),
        ('[{"list": "messages", "where": {"inmail": true, "inmail": false}}]', "duplicate-key"),
    ],
)
def test_what_is_no_statement_takes_its_account_out(text: str, code: str) -> None:
    histories, wrong = read(stating(text))
    assert not histories
    assert wrong == [("complete", code)]


def test_no_statement_is_none() -> None:
    for text in (None, "", "[]"):
        (history,), wrong = read(stating(text))
        assert (history.complete, wrong) == (("premium",), [])


def test_who_states_conditions_waits_for_a_record_that_may_be_anybodys() -> None:
    """It may meet the conditions: then the list would not be as it is stated to be."""
    nobodys = pl.DataFrame(
        {"account_id": [None], "inmail": [True]}, schema_overrides={"account_id": pl.String}
    )
    for text, held in ((json.dumps([STATED]), True), (None, False)):
        histories, wrong = read({**stating(text), "messages": nobodys})
        assert (not histories) is held
        assert (("account_id", "held-back") in wrong) is held


def lines(tmp_path: Path, *given: dict[str, Any]) -> tuple[list[AccountHistory], list[str]]:
    """What lines come to: the histories, and the codes of those that are rejected."""
    file = tmp_path / "lines.jsonl"
    named = [{"account_id": f"FICTIONAL-{at}", **each} for at, each in enumerate(given)]
    file.write_text("\n".join(map(json.dumps, named)))
    (chunk,) = read_lines(file, tmp_path / "read", AccountHistory, workers=1)
    names = ("accounts", "premium", "messages", "permissions")
    tables = {name: pl.scan_parquet(chunk / f"{name}.parquet") for name in names}
    rejects = (chunk / REJECTS).read_text().splitlines()
    found = histories_of(tables, tables["accounts"].collect()["account_id"], AccountHistory)
    return list(found), [json.loads(each)["code"] for each in rejects]


def test_lines_take_several_words_and_statements_as_histories_do(tmp_path: Path) -> None:
    plans: list[Any] = [list(SEVERAL), [*SEVERAL[::-1], SEVERAL[0]], ["learning"], "other", None]
    given = [{"premium": [{"plan": plan}], "complete": ["premium"]} for plan in plans]
    stated = {"complete": [STATED, "premium"]}
    found, rejected = lines(tmp_path, *given, stated)
    assert not rejected
    assert [each.premium[0].plan for each in found[:-1]] == [
        SEVERAL,
        SEVERAL,
        "learning",
        "other",
        None,
    ]
    assert found[-1].complete == AccountHistory(account_id="F", **stated).complete


def test_lines_refuse_what_histories_refuse(tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"premium": [{"plan": []}]},
        {"premium": [{"plan": ["gold"]}]},
        {"premium": [{"plan": ["learning", None]}]},
        {"premium": [{"plan": {"learning": True}}]},
        {"messages": [{"inmail": [True]}]},
        {"complete": [{"list": "messages", "where": {"colour": "red"}}]},
        {"complete": [{"list": "messages", "where": {"sent_at": "2024-02-30"}}]},
        {"complete": [{"list": "letters", "where": {}}]},
    ]
    found, rejected = lines(tmp_path, *wrong)
    assert not found
    assert rejected == [
        "no-word",
        "not-in-vocabulary",
        "not-in-vocabulary",
        "not-in-vocabulary",
        "wrong-type",
        "unknown-key",
        "moment-calendar",
        "unknown-list",
    ]
