"""What is written is plain printable text: no terminal obeys it, no reader of lines is torn.

Every history here is fictional.
"""

import json
import sys
import unicodedata

import polars as pl
import pytest
from typer.testing import CliRunner

from eligibility import AccountHistory, InvalidHistory, evaluate, read_history
from eligibility.batch.tables.guarded import sink_json_lines
from eligibility.cli.app import app
from eligibility.errors import Problem, json_text, printable, shown
from eligibility.facts.read import parse_json
from eligibility.facts.written import digest

#: One of each kind: controls of both sets, DEL, ends of lines, marks of direction, zero widths,
#: a soft hyphen, a tag, characters for nobody's use, and the quotation mark that JSON itself minds.
HOSTILE = (
    "\x1b\x00\x07\x08\r\n\x7f\x80\x85\x9b\u2028\u2029\u200e\u202e\u2066\u061c"
    '\u200b\u200d\u2060\ufeff\xad\U000e0041\ue000\U0010fffd\u0378"\\'
)
FRIENDLY = "Zoë “日本” 👍"


def is_plain(text: str) -> bool:
    return all(c.isprintable() for c in text.removesuffix("\n"))


@pytest.mark.parametrize("indent", [None, 2])
def test_json_text_is_plain_and_the_same_data(indent: int | None) -> None:
    data = {HOSTILE: [FRIENDLY, {"a": HOSTILE}]}
    text = json_text(data, indent=indent)
    assert all(is_plain(line) for line in text.split("\n"))
    assert json.loads(text) == data
    assert FRIENDLY in text


def test_no_character_at_all_is_written_that_is_not_plain() -> None:
    every = [chr(at) for at in range(sys.maxunicode + 1)]
    text = json_text(every)
    assert is_plain(text)
    assert json.loads(text) == every
    never = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not {unicodedata.category(c) for c in text} & never


def history(words: str) -> dict[str, object]:
    return {
        "account_id": f"FICTIONAL {words}",
        "messages": [{"id": f"m {words}", "source": words, "sent_at": "2023-05", "inmail": True}],
    }


def test_a_verdict_is_plain_and_its_digest_is_as_it_was(tmp_path) -> None:
    given = read_history(json.dumps(history(HOSTILE)))
    for text in (evaluate(given).to_json(), evaluate(given).to_json(indent=1)):
        assert all(is_plain(line) for line in text.split("\n"))
        found = json.loads(text)
        assert found["history_digest"] == digest(given)
        scenario = found["scenarios"]["eligible_if"]
        assert AccountHistory.model_validate(scenario).account_id == given.account_id
    file = tmp_path / "history.json"
    file.write_text(json.dumps(history(HOSTILE)), encoding="utf-8")
    done = CliRunner().invoke(app, ["check", "--json", "--survey", str(file)])
    assert done.exit_code == 0
    assert is_plain(done.output)
    assert len(done.output.splitlines()) == 1
    assert json.loads(done.output)["history_digest"] == digest(given)


WRONG = {
    "an id that stands twice": {"messages": [{"id": HOSTILE}, {"id": HOSTILE}]},
    "an unknown key": {HOSTILE: 1},
    "an unknown key of a record": {"messages": [{HOSTILE: 1}]},
    "a moment": {"messages": [{"sent_at": HOSTILE}]},
    "a word of a vocabulary": {"messages": [{"direction": HOSTILE}]},
    "a zone": {"time_zone": HOSTILE},
    "a list that is said to be complete": {"complete": [HOSTILE]},
    "a very long id that stands twice": {"messages": [{"id": "long" * 40}] * 2},
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_in_plain_text_and_in_short(kind: str, tmp_path) -> None:
    data = {"account_id": "FICTIONAL", **WRONG[kind]}
    with pytest.raises(InvalidHistory) as refused:
        read_history(json.dumps(data))
    for problem in refused.value.problems:
        assert is_plain(str(problem))
        assert len(problem.message) < 700  # a vocabulary is listed
    file = tmp_path / "history.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    done = CliRunner().invoke(app, ["check", "--json", str(file)])
    assert done.exit_code == 3
    assert is_plain(done.stderr)
    codes = [problem["code"] for problem in json.loads(done.stderr)["problems"]]
    assert codes == [problem.code for problem in refused.value.problems]


def test_a_key_that_stands_twice_is_named_in_plain_text() -> None:
    key = json.dumps(HOSTILE)
    with pytest.raises(InvalidHistory) as refused:
        parse_json(f'{{"account_id": "FICTIONAL", {key}: 1, {key}: 2}}')
    assert is_plain(str(refused.value))


@pytest.mark.parametrize(
    "args",
    [
        ["{}"],
        ["--{}"],
        ["check", "--{}"],
        ["check", "--json", "--{}=1", "x.json"],
        ["define", "{}"],
        ["schema", "--{}"],
        ["batch", "decide", "--{}"],
        ["batch", "sql", "{}"],
    ],
)
def test_what_no_command_has_is_named_in_plain_text_and_in_short(args: list[str]) -> None:
    words = HOSTILE.replace("\0", "").replace("\\", "") * 500
    result = CliRunner().invoke(app, [arg.format(words) for arg in args])
    assert result.exit_code == 2
    assert all(map(is_plain, result.output.split("\n")))
    assert "\\x1b" in result.output
    assert len(result.output) < 5_000


@pytest.mark.parametrize("option", [["--reading", f"{HOSTILE}=x"], ["--suppose", HOSTILE]])
@pytest.mark.parametrize("repeated", [1, 5000])
def test_an_option_is_named_in_plain_text_and_in_short(option: list[str], repeated: int) -> None:
    name, words = option
    words = words.replace("\x00", "") * repeated
    done = CliRunner().invoke(app, ["check", "x.json", name, words])
    assert done.exit_code == 2
    assert all(is_plain(line) for line in done.stderr.split("\n"))
    assert len(done.stderr) < 3000


def test_a_problem_is_plain_whoever_makes_it() -> None:
    problem = Problem("missing", HOSTILE, HOSTILE, HOSTILE)
    assert is_plain(str(problem))
    assert is_plain(shown(HOSTILE))
    assert shown("\x7f") == printable("\x7f") == "\\x7f"


@pytest.mark.parametrize("words", [HOSTILE.replace("\x00", ""), FRIENDLY, "plain", "\x7f", "\x85"])
def test_rows_as_json_lines_are_plain_and_the_same_rows(words: str, tmp_path) -> None:
    rows = [{"account_id": f"FICTIONAL-{at} {words}", "exact": True} for at in range(3)]
    sink_json_lines(pl.LazyFrame(rows), tmp_path / "rows.jsonl")
    text = (tmp_path / "rows.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == rows
    assert all(map(is_plain, text.splitlines(keepends=True)))
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]
