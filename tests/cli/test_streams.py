"""The command line where a stream is closed, full or gone, or the terminal has no good size."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligibility.cli.app import app

ROOT = Path(__file__).parents[2]
ADA = str(ROOT / "examples" / "histories" / "ada.json")
THREE = str(ROOT / "examples" / "histories" / "three.jsonl")
OUT = "OUT"  # in the folder that the command runs in
#: Each way that the command line has of writing, and the exit status it has.
COMMANDS = {
    "check": (["check", "--full", ADA], 0),
    "check --json": (["check", "--json", ADA], 0),
    "bad input": (["check", "nowhere.json"], 3),
    "bad input, --json": (["check", "--json", "nowhere.json"], 3),
    "bad usage": (["check", "--nowhere"], 2),
    "define": (["define"], 0),
    "schema": (["schema"], 0),
    "version": (["--version"], 0),
    "batch sql": (["batch", "sql"], 0),
    "batch": (["batch", THREE, "-o", OUT], 0),
}
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


def run(folder: Path, *words: str, closed: tuple[int, ...] = (), **streams):
    """Run the command as a process, some of its streams closed by a shell."""
    return python(folder, "-m", "eligibility", *words, closed=closed, **streams)


def python(folder: Path, *words: str, closed: tuple[int, ...], **streams):
    script = 'exec "$@" ' + " ".join(f"{number}>&-" for number in closed)
    return subprocess.run(  # noqa: S603 - our own command, with our own files
        ["/bin/sh", "-c", script, "sh", sys.executable, *words],
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        | streams,
        cwd=folder,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("kind", ["check", "bad input", "schema", "version", "batch"])
def test_without_standard_output_nothing_is_begun_and_that_is_said(kind: str, tmp_path) -> None:
    words, _ = COMMANDS[kind]
    done = run(tmp_path, *words, closed=(1,))
    assert done.returncode == 1
    said = b"eligibility: the output cannot be written: standard output is closed\n"
    assert done.stderr == said
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path, *words, closed=(0, 1, 2)).returncode == 1


@pytest.mark.parametrize(
    "kind", ["check --json", "bad input", "bad input, --json", "bad usage", "batch"]
)
def test_without_standard_error_the_exit_status_says_it(kind: str, tmp_path) -> None:
    words, status = COMMANDS[kind]
    done = run(tmp_path, *words, closed=(2,))
    assert done.returncode == status
    assert bool(done.stdout) == (status == 0)


@needs_full
@pytest.mark.parametrize(
    "kind", ["check", "check --json", "define", "version", "batch sql", "batch"]
)
def test_an_output_that_is_full_is_said_in_a_line(kind: str, tmp_path) -> None:
    with FULL.open("w") as full:
        done = run(tmp_path, *COMMANDS[kind][0], stdout=full)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("eligibility: the output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


@needs_full
@pytest.mark.parametrize("kind", ["bad input", "bad input, --json", "bad usage"])
def test_what_is_wrong_and_cannot_be_said_is_a_failure_still(kind: str, tmp_path) -> None:
    with FULL.open("w") as full:
        done = run(tmp_path, *COMMANDS[kind][0], stdout=full, stderr=full)
    assert done.returncode == 1


@pytest.mark.parametrize("kind", ["check --json", "batch sql"])
def test_a_reader_that_has_gone_is_no_error_to_speak_of(kind: str, tmp_path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(tmp_path, *COMMANDS[kind][0], stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("how", ["closed", "for writing"])
def test_an_input_that_cannot_be_read_from_is_not_readable(how: str, options, tmp_path) -> None:
    words = ["check", *options, "-"]
    if how == "closed":
        done = run(tmp_path, *words, closed=(0,))
    else:
        with (tmp_path / "made").open("w") as file:
            done = run(tmp_path, *words, stdin=file)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"not-readable" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_does_not_get_what_is_meant_for_a_stream_that_is_closed(tmp_path) -> None:
    """A file that is opened takes the lowest number that is free."""
    program = (
        "from eligibility.cli.streams import standard_streams as s; import os, sys\nwith s(): "
    )
    program += "number = os.open('made', os.O_CREAT | os.O_WRONLY); print(number > 2)"
    done = python(tmp_path, "-c", program, closed=(0, 2))
    assert done.stdout.split() == [b"True"]


SIZES = ["0", "-5", "1", "10", "9" * 30, "eighty", "²", "", " 80 ", "1e3"]


@pytest.mark.parametrize("size", SIZES)
def test_no_size_of_a_terminal_hides_a_word(size: str) -> None:
    env = {"COLUMNS": size, "LINES": size}
    for kind in ("check", "define", "bad input"):
        words, status = COMMANDS[kind]
        done = CliRunner().invoke(app, words, env=env, catch_exceptions=False)
        usual = CliRunner().invoke(app, words, env={"COLUMNS": "80", "LINES": "24"})
        assert done.exit_code == usual.exit_code == status
        assert done.stderr.split() == usual.stderr.split()
        before, after = (
            text.partition("Time line")[0].split() for text in (done.stdout, usual.stdout)
        )
        assert before == after
        if kind == "check":
            assert "Time line" in done.stdout


def test_lines_of_json_stand_alone_on_standard_error(tmp_path) -> None:
    words = [
        "check",
        "--json",
        "nowhere.json",
        *[ADA] * 21,
        "elsewhere.json",
    ]  # long enough to wait
    done = run(tmp_path, *words)
    assert [json.loads(line)["file"] for line in done.stderr.split(b"\n")[:-1]] == [
        "nowhere.json",
        "elsewhere.json",
    ]
    assert run(tmp_path, "check", "--json", ADA).stderr == b""
    assert run(tmp_path, "batch", THREE, "-o", OUT).stderr == b""


def test_no_line_is_cut_by_a_narrow_terminal() -> None:
    """Headings are wrapped too: a terminal would break them within a word."""
    said = CliRunner().invoke(app, ["check", ADA], env={"COLUMNS": "40", "LINES": "50"}).stdout
    assert max(len(line) for line in said.splitlines() if ADA not in line) <= 40


def test_ctrl_c_while_the_command_is_loaded_ends_it_without_a_traceback(tmp_path) -> None:
    stops = (
        "import sys\n"
        "class Stops:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'eligibility.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stops())\n"
        "from eligibility.cli import main\n"
        "main()\n"
    )
    done = python(tmp_path, "-c", stops, closed=())
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
