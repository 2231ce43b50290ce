"""The command line, as a person, a program and a careless caller meet it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligibility import (
    AccountHistory,
    Question,
    Status,
    __version__,
    evaluate,
    read_history,
    survey,
)
from eligibility.cli.app import app
from eligibility.facts.read import MOST_BYTES
from eligibility.readings import DEPENDS_ON, MEANS, PremiumWhen, UpdateDay
from eligibility.rules import AS_ALLEGED, DIMENSIONS, NOTICE, Reading, class_definition
from eligibility.text.prose import question_lines

EXAMPLES = Path(__file__).parents[2] / "examples"
HISTORIES = sorted((EXAMPLES / "histories").glob("*.json"))
ADA, BEN, CHI, DAG = (
    EXAMPLES / "histories" / name for name in ("ada.json", "ben.json", "chi.json", "dag.json")
)


def run(*args, stdin=None):
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


def flat(text):
    """A printed text without its line breaks and indents."""
    return " ".join(text.split())


def in_process(*args, **options):
    return subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "eligibility.cli", *map(str, args)],
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )


@pytest.fixture
def file(tmp_path):
    def write(content, name="history.json"):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        return path

    return write


# ---- verdicts for people -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [(ADA, "INDETERMINATE"), (BEN, "ELIGIBLE"), (CHI, "INELIGIBLE"), (DAG, "INELIGIBLE")],
)
def test_the_examples_get_the_verdicts_they_are_there_for(path, status):
    result = run("check", path)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert status in result.stdout.splitlines()
    assert "under the stated reading" in flat(result.stdout)
    assert "messages=sent-or-received" in flat(run("check", "--full", path).stdout)


def test_the_first_screen_of_the_first_example_is_one_screen():
    said = run("check", ADA).stdout.splitlines()
    assert len(said) <= 40
    assert max(map(len, said)) <= 80
    assert "--full" in said[-1]
    assert len(run("check", ADA, "--full").stdout.splitlines()) > 60


@pytest.mark.parametrize("path", HISTORIES)
@pytest.mark.parametrize("suppose", [(), ("--suppose", "as-alleged")])
def test_the_notice_is_always_printed_and_nothing_is_promised(path, suppose):
    said = flat(run("check", path, *suppose).stdout)
    assert NOTICE in said
    for never in ("you are owed", "certified class", "entitled"):
        assert never not in said.lower()


def test_every_example_says_that_it_is_fictional():
    for path in HISTORIES:
        data = json.loads(path.read_text(encoding="utf-8"))
        lists = (data.get(name, []) for name in ("premium", "messages", "permissions"))
        assert data["account_id"].startswith("fictional")
        for records in lists:
            assert all(record["source"].startswith("fictional") for record in records)


def test_an_open_verdict_also_says_what_it_would_be_as_alleged_marked_as_such():
    history = read_history(ADA.read_bytes())
    supposed = evaluate(history, supposing=AS_ALLEGED)
    table = survey(history, supposing=AS_ALLEGED)
    first = next(q for q in evaluate(history).questions if q.known_by != "defendant")
    said = flat(run("check", ADA).stdout)
    assert "Only supposing what the complaint alleges" in said
    assert f"{supposed.status.value.upper()}, if that were so" in said
    assert "This is no finding of what happened." in said
    assert f"The answer is the same on {table.counts[supposed.status]} of 96 readings." in said
    for name in table.turns_on:
        assert DEPENDS_ON[name] in said
    assert flat(first.text) in said
    assert "either answer: still indeterminate" in said


def test_a_decided_verdict_has_no_question_and_supposes_nothing():
    said = run("check", BEN).stdout
    assert "question to answer" not in said
    assert "not known" not in said
    assert "supposing" not in said.lower()


def test_a_verdict_under_a_supposition_says_so():
    said = run("check", ADA, "--full", "--suppose", "as-alleged").stdout
    assert "ELIGIBLE, supposing what the complaint alleges" in said.splitlines()
    assert "ELIGIBLE" not in said.splitlines()
    assert "account fictional-ada would fit the description" in flat(said)
    assert "Time line, supposing what the complaint alleges" in said
    assert flat(AS_ALLEGED.text) in flat(said)


def test_what_is_supposed_is_never_said_to_come_from_a_source():
    said = flat(run("check", ADA, "--suppose", "as-alleged").stdout)
    assert "was shared between 4 May 2023 and 17 September 2024 (as supposed)" in said
    assert "no permissions (as supposed)" in said


def test_reasons_quote_the_source_of_each_fact():
    said = flat(run("check", BEN, "--full").stdout)
    assert "shared between 1 May and 31 August 2024 (fictional attestation)" in said
    assert "“LinkedIn Premium users”" in said


def test_the_survey_shows_only_the_words_that_matter():
    said = run("check", CHI, "--survey").stdout
    table = survey(read_history(CHI.read_bytes()))
    rows = [line.split() for line in said.splitlines() if "date_limits=" in line]
    statuses = {status.value for status in Status}
    found = {(words[1], words[2]): words[0] for words in rows if words[0] in statuses}
    expected = {}
    for reading, status in table.statuses:
        words = reading.words()
        key = (f"date_limits={words['date_limits']},", f"premium_when={words['premium_when']}")
        expected[key] = status.value
    assert found == expected
    depends = f"on {DEPENDS_ON['date_limits']} and on {DEPENDS_ON['premium_when']}"
    assert f"It depends {depends}. Nothing else in the reading changes it." in flat(said)


def test_a_reading_is_taken_and_named():
    words = ("--reading", "premium_when=ever", "--reading", "update_day=through")
    said = flat(run("check", CHI, *words).stdout)
    assert f"premium_when=ever: {MEANS[PremiumWhen.EVER]}" in said
    assert f"update_day=through: {MEANS[UpdateDay.THROUGH]}" in said
    assert "messages=" not in said  # what is as the default has it


def test_words_of_the_user_are_not_obeyed(file):
    history = {
        "account_id": "[bold red]x[/] :smile: \x1b[31m",
        "messages": [{"id": "m\u202e\x07", "inmail": False, "source": "[link=x]\r\n\x9b2J"}],
        "complete": ["messages"],
    }
    result = run("check", file(history, "a\x1b[2J[b]b[b].json"))
    assert "[bold red]x[/] :smile: \\x1b[31m" in flat(result.stdout)
    assert "[link=x]\\r\\n\\x9b2J" in flat(result.stdout)
    assert "a\\x1b[2J[b]b[b].json" in result.stdout
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(result.stdout)


def test_twenty_thousand_messages_get_a_short_text(file):
    kinds = [{"inmail": False}, {"inmail": True, "shared": False}, {"sent_at": "2025-01"}]
    messages = [
        {"id": f"m{at}", "sent_at": f"2023-{at % 12 + 1:02}", **kinds[at % 3]}
        for at in range(20_000)
    ]
    path = file({"account_id": "A-1", "messages": messages, "complete": ["messages"]})
    result = run("check", path)
    assert "INELIGIBLE" in result.stdout.splitlines()
    assert len(result.stdout.splitlines()) < 100
    assert "20,000 messages" in result.stdout


# ---- verdicts for programs ---------------------------------------------------------------------


def test_json_is_the_verdict_of_each_file_on_a_line():
    result = run("check", "--json", ADA, BEN)
    ada, ben = [json.loads(line) for line in result.stdout.splitlines()]
    assert ada == {**evaluate(read_history(ADA.read_bytes())).to_dict(), "file": str(ADA)}
    assert (ben["status"], ben["file"]) == ("eligible", str(BEN))


def test_json_holds_reading_supposition_and_survey():
    reading, history = Reading.of(messages="sent"), read_history(ADA.read_bytes())
    options = ("--json", "--survey", "--suppose", "as-alleged", "--reading", "messages=sent")
    data = json.loads(run("check", *options, ADA).stdout)
    verdict = evaluate(history, class_definition(reading), supposing=AS_ALLEGED)
    assert data["supposing"] == "as-alleged"
    assert data["reading"] == reading.words()
    assert data["status"] == verdict.status.value
    assert data["survey"] == survey(history, supposing=AS_ALLEGED).to_dict()


def test_standard_input_is_a_history():
    result = run("check", "-", "--json", stdin=BEN.read_bytes())
    assert json.loads(result.stdout)["status"] == "eligible"
    assert json.loads(result.stdout)["file"] == "-"


def test_an_export_archive_is_read_and_its_report_shown():
    (path,) = (EXAMPLES / "archive").glob("*.zip")
    data = json.loads(run("check", "--json", "--account-id", "A-7", path).stdout)
    assert data["archive"]["kind"] == "zip"
    assert data["status"] == "indeterminate"
    assert "[archive-" not in run("check", "--account-id", "A-7", path).stdout
    said = run("check", "--full", "--account-id", "A-7", path).stdout
    assert "How the archive was read (zip)" in said
    assert "account A-7" in said
    for note in data["archive"]["notes"] + data["archive"]["hints"]:
        assert f"[{note['code']}]" in said
    for each in data["archive"]["files"]:
        assert each["name"] in said


def test_a_folder_that_an_export_was_unpacked_to_is_read_alike(tmp_path):
    (path,) = (EXAMPLES / "archive").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    unpacked, zipped = (json.loads(run("check", "--json", at).stdout) for at in (tmp_path, path))
    assert unpacked["archive"]["kind"] == "folder"
    assert unpacked["history_digest"] == zipped["history_digest"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are bytes")
def test_a_name_with_stray_bytes_is_shown_and_written(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.json"
    Path(os.fsdecode(path)).write_bytes(BEN.read_bytes())
    data = json.loads(run("check", "--json", os.fsdecode(path)).stdout)
    assert data["file"].endswith("\\xff.json")
    assert "\\udcff.json" in run("check", os.fsdecode(path)).stdout


def test_exit_status_can_tell_the_verdict():
    assert run("check", "--exit-status", BEN).exit_code == 0
    assert run("check", "--exit-status", CHI).exit_code == 10
    assert run("check", "--exit-status", ADA).exit_code == 11
    assert run("check", "--exit-status", BEN, ADA).exit_code == 11
    assert run("check", "--exit-status", ADA, CHI, BEN).exit_code == 10
    assert run("check", "--exit-status", CHI, "/no/such/file").exit_code == 3


# ---- bad input ---------------------------------------------------------------------------------


def message(**fields):
    return {"account_id": "A-1", "messages": [fields]}


BAD = {
    "empty": (b"", "malformed-json", ""),
    "malformed": (b'{"account_id": ', "malformed-json", ""),
    "not UTF-8": (b'{"account_id": "\xff"}', "not-unicode", ""),
    "not an object": (b"[1]", "wrong-type", ""),
    "wrong type": ({"account_id": 7}, "wrong-type", "account_id"),
    "yes/no as text": (message(inmail="yes"), "wrong-type", "messages[0].inmail"),
    "unknown key": ({"account_id": "A", "name": "x"}, "unknown-key", "name"),
    "unknown key inside": (message(text="x"), "unknown-key", "messages[0].text"),
    "key twice": (b'{"account_id": "A", "account_id": "B"}', "duplicate-key", "account_id"),
    "no such day": (message(sent_at="2023-02-29"), "moment-calendar", "messages[0].sent_at"),
    "no such month": (message(sent_at="2024-13"), "moment-calendar", "messages[0].sent_at"),
    "skipped time": (message(sent_at="2024-03-10T02:30:00"), "moment-gap", "messages[0].sent_at"),
    "before 1900": (message(sent_at="1899-12-31"), "moment-range", "messages[0].sent_at"),
    "after 2200": (message(sent_at="2201"), "moment-range", "messages[0].sent_at"),
    "deep": (b"[" * 10_000, "too-deep", ""),
    "deep and whole": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too-deep", ""),
    "NaN": (b'{"account_id": NaN}', "not-a-number", ""),
    "ids twice": (
        {"account_id": "A", "messages": [{"id": "m"}, {"id": "m"}]},
        "duplicate-id",
        "messages",
    ),
    "half a surrogate": (b'{"account_id": "\\ud800"}', "not-unicode", "account_id"),
    "inconsistent": (
        message(sent_at="2024", shared=True, shared_at="2023"),
        "inconsistent",
        "messages[0].shared_at",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_said_with_code_and_path_and_gets_no_verdict(name, file):
    content, code, path = BAD[name]
    result = run("check", file(content))
    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"[{code}]" in result.stderr
    assert f": {path}: " in result.stderr or not path
    told = [json.loads(line) for line in run("check", "--json", file(content)).stderr.splitlines()]
    assert (code, path) in {(p["code"], p["path"]) for line in told for p in line["problems"]}


def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("eligibility.cli.inputs._at_most", lambda _: pytest.fail("it was read"))
    path = tmp_path / "large.json"
    with path.open("wb") as large:
        large.truncate(1_000_000_000)
    result = run("check", path)
    assert result.exit_code == 3
    assert "[too-large]" in result.stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_stream_without_end_is_refused_at_the_limit(monkeypatch):
    monkeypatch.setattr("eligibility.cli.inputs.MOST_BYTES", 1_000_000)
    monkeypatch.setattr("eligibility.facts.read.MOST_BYTES", 1_000_000)
    assert "[too-large]" in run("check", "/dev/zero").stderr
    assert MOST_BYTES > 1_000_000


@pytest.mark.parametrize("source", ["file", "standard input"])
def test_the_way_out_of_too_many_records_works_where_it_is_told(file, source):
    """What the command line says to do is done there, and the history is read."""
    text = json.dumps({"account_id": "A-1", "messages": [{}] * 4})
    name, given = (file(text), None) if source == "file" else ("-", text)
    refused = run("check", name, "--limit", "records=3", stdin=given)
    assert refused.exit_code == 3
    assert "[too-many-records]" in refused.stderr
    assert "`eligibility check --limit records=N`" in refused.stderr
    assert run("check", name, "--limit", "records=4", stdin=given).exit_code == 0


def test_a_limit_of_records_is_of_a_history_in_json_and_beside_one_an_archive_is_read(file):
    archive = EXAMPLES / "archive" / "ada-example-export.zip"
    alone = run("check", archive, "--limit", "records=3")
    assert alone.exit_code == 2
    assert "--limit records is about a history in JSON" in alone.stderr
    few = file(json.dumps({"account_id": "A-1", "messages": [{}] * 3}))
    options = ("--limit", "records=3", "--limit", "rows=1000")
    assert run("check", archive, few, *options).exit_code == 0
    assert run("check", few, *options).exit_code == 2  # `rows` is of no archive


def test_what_cannot_be_opened_is_not_readable(tmp_path):
    for name in (tmp_path / "none.json", tmp_path / "none.zip", "a\0b"):
        result = run("check", name)
        assert result.exit_code == 3
        assert "[not-readable]" in result.stderr


def test_a_folder_and_a_damaged_zip_are_called_what_they_are(tmp_path, file):
    assert "[archive-not-an-export]" in run("check", tmp_path).stderr
    assert "[archive-not-a-zip]" in run("check", file(b"PK\x03\x04 cut short", "export")).stderr
    assert "[archive-not-a-zip]" in run("check", file(b"nothing of it", "export.ZIP")).stderr


def test_all_problems_are_told_at_once(file):
    messages = [{"sent_at": "2024-13"}, {"inmail": 1}]
    bad = {"colour": 1, "premium": [{"plan": "gold"}], "messages": messages}
    problems = run("check", file(bad)).stderr.splitlines()
    for code, path in [
        ("missing", "account_id"),
        ("unknown-key", "colour"),
        ("not-in-vocabulary", "premium[0].plan"),
        ("moment-calendar", "messages[0].sent_at"),
        ("wrong-type", "messages[1].inmail"),
    ]:
        assert any(f": {path}: " in line and line.endswith(f"[{code}]") for line in problems)


def test_one_bad_file_does_not_hide_the_others(file):
    result = run("check", "--json", BEN, file("{"), CHI)
    statuses = [json.loads(line)["status"] for line in result.stdout.splitlines()]
    assert statuses == ["eligible", "ineligible"]
    assert result.exit_code == 3
    (bad,) = result.stderr.splitlines()
    assert json.loads(bad)["problems"][0]["code"] == "malformed-json"


# ---- bad usage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("check",), "FILE"),
        (("check", ADA, "--reading", "colour=red"), "messages=sent-or-received|sent"),
        (("check", ADA, "--reading", "cls=red"), "There is no disputed term `cls`"),
        (("check", ADA, "--reading", "messages=all"), "sent-or-received, sent"),
        (("check", ADA, "--reading", "messages"), "NAME=VALUE"),
        (("check", ADA, "--reading", "messages=sent", "--reading", "messages=sent"), "said twice"),
        (("check", ADA, "--suppose", "denied"), "as-alleged"),
        (("check", "-", "-"), "stands twice"),
        (("check", ADA, "--owner-url", "https://www.linkedin.com/in/ada"), "no FILE is one"),
        (("check", EXAMPLES / "archive", "--time-zone", "Mars"), "no IANA time zone"),
        (("check", ADA, "--colour"), "--colour"),
        (("decide",), "decide"),
        (("batch", "demo", "-o", "x", "--accounts", "0"), "`0`: give a whole number from 1"),
        (("batch", ADA, "-o", "x", "--workers", "two"), "`two`: give a whole number from 1"),
        (("web", "serve", "--port", "70000"), "`70000`: give a port from 1 to 65535"),
        (("define", "--reading", "a=b"), "update_day=before|through"),
    ],
)
def test_bad_usage_exits_2_and_says_what_there_is(args, words):
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in flat(result.stderr)


def test_all_bad_readings_are_told_at_once():
    said = run("check", ADA, "--reading", "a=b", "--reading", "messages=x", "--reading", "c").stderr
    for words in (
        "There is no disputed term `a`",
        "`messages` cannot be read as `x`",
        "`c` is not written",
    ):
        assert words in said
    assert "\\n" not in said  # each on a line of its own


# ---- define, schema, version -------------------------------------------------------------------


def test_define_prints_every_clause_numbered_with_its_citation():
    for reading in (Reading(), Reading.of(exclusions="customary", premium_when="ever")):
        pairs = [f"--reading={name}={word}" for name, word in reading.words().items()]
        said = flat(run("define", *pairs).stdout)
        for number, step in enumerate(class_definition(reading).steps, 1):
            assert f"{number}. {step.id}: {step.text}" in said
            assert flat(str(step.citation)) in said
        for name, values in DIMENSIONS.items():
            assert f"{name}={reading.words()[name]}" in said
            assert all(value.value in said for value in values)
        assert said.endswith(NOTICE)


def test_schema_is_a_json_schema_that_the_examples_fit():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in HISTORIES:
        validator.validate(json.loads(path.read_text(encoding="utf-8")))
    assert not validator.is_valid({})
    assert not validator.is_valid({"account_id": "A", "name": "x"})


def test_version_and_help():
    assert run("--version").stdout == f"eligibility {__version__}\n"
    said = flat(run("check", "--help").stdout)
    for option in ("--json", "--reading", "--suppose", "--survey", "--exit-status", "--owner-url"):
        assert option in said
    assert "10 ineligible, 11 indeterminate" in said


# ---- as a process ------------------------------------------------------------------------------


def test_a_pipe_gets_no_colour_and_no_progress():
    done = in_process("check", "--full", ADA, CHI)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert "█" in done.stdout.decode()


def test_the_same_input_gives_the_same_bytes():
    for options in ((), ("--json", "--survey")):
        first, second = (in_process("check", *options, *HISTORIES).stdout for _ in range(2))
        assert first == second


def test_an_encoding_without_the_characters_gets_plain_ones():
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = in_process("check", "--full", ADA, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b'"LinkedIn Premium users"' in done.stdout
    assert json.loads(in_process("check", "--json", ADA, env=env).stdout.decode("utf-8"))


def test_bad_input_leaves_no_traceback(file):
    done = in_process("check", file(b"[" * 10_000), file("{", "other.json"))
    assert done.returncode == 3
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 2


def test_a_reader_that_goes_away_is_no_error():
    args = [sys.executable, "-m", "eligibility", "check", *map(str, HISTORIES * 30)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own interpreter and arguments
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_core_imports_neither_typer_nor_rich():
    code = "import sys, eligibility; print({'typer', 'rich', 'eligibility.cli'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603 - our own interpreter and code
    assert done.stdout.strip() == b"set()"


def test_an_account_of_which_nothing_is_known_gets_a_text():
    result = run("check", "-", stdin=AccountHistory(account_id="A-1").model_dump_json())
    assert "INDETERMINATE" in result.stdout.splitlines()


@pytest.mark.parametrize("damage", [b"\x00\x00\x00", b"\xff\xfe\x00", b'"'])
@pytest.mark.parametrize("name", ["messages.csv", "Receipts_v2.csv"])
def test_an_archive_that_was_read_only_in_part_gets_its_verdict_and_status_3(
    tmp_path, name, damage
):
    (path,) = (EXAMPLES / "archive").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    (found,) = tmp_path.rglob(name)
    found.write_bytes(found.read_bytes() + damage)
    done = run("check", tmp_path)
    assert done.exit_code == 3
    assert "INDETERMINATE" in done.stdout
    assert name in done.stderr
    assert "[archive-file-" in done.stderr
    as_json = run("check", "--json", "--exit-status", tmp_path)
    assert as_json.exit_code == 3
    assert json.loads(as_json.stdout)["status"] == "indeterminate"
    (problem,) = json.loads(as_json.stderr)["problems"]
    assert problem["code"].startswith("archive-file-")


def test_hints_of_an_archive_stand_beside_the_question_and_are_no_facts():
    archive = EXAMPLES / "archive/ada-example-export.zip"
    data = json.loads(run("check", "--json", archive).stdout)
    asked = {question["paths"][0]: question["hints"] for question in data["questions"]}
    assert len(asked["messages[1].inmail"]) == 2
    assert any("subject" in hint for hint in asked["messages[1].inmail"])
    assert asked["complete.premium"] == []
    history = data["scenarios"]["ineligible_if"]
    assert [message["inmail"] for message in history["messages"]][:1] == [None]


def test_a_hint_is_told_with_the_first_question():
    path = "messages[0].inmail"
    question = Question("yes-no", f"{path}: Was it an InMail?", (path,), ())
    lines = list(question_lines((question,), lambda path: [f"about {path}"]))
    assert lines == [question.text, "  A hint, no fact: about messages[0].inmail"]


def command(*args, **options):
    return subprocess.run(  # noqa: S603 - our own command, with our own files
        [sys.executable, "-m", "eligibility", *map(str, args)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_that_is_full_is_said_without_a_traceback():
    with Path("/dev/full").open("w") as full:
        result = command("check", ADA, stdout=full)
    assert result.returncode == 1
    assert result.stderr.startswith("eligibility: the output cannot be written")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_without_a_name_is_no_folder():
    result = run("check", "")
    assert result.exit_code == 3
    assert "[not-readable]" in result.stderr
