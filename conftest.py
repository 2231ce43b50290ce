"""Every example in the README, the docs and the docstrings is a test.

A document runs in an empty folder of its own, in which `examples` is the repository's. Its blocks
run in order and share their names:

- `python`: run as a program, or, where it begins with `>>>`, as a doctest; one with a title is a
  module, which another block imports;
- `json`: must parse; where it has an `account_id` it must be a valid history;
- `console`: every line after `$ ` is run by a shell, and what follows is what it prints;
- any block with `title="name"` is saved under that name first; `title="examples/..."` must stand in
  that file of the repository, word by word.

`python conftest.py README.md` writes into a page what its sessions print now; lines `...` stay.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

# Documents run first, and who draws first waits while Hypothesis reads every source for constants:
# on a busy machine, longer than it allows for drawing.
# That an example runs is what a document is held to; what it claims is tested elsewhere, at length.
settings.register_profile(
    "document",
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

ROOT = Path(__file__).parent
_BLOCK = re.compile(
    r'^(?P<indent>[ ]*)```(?P<language>\w+)(?P<title>[ ]+title="[^"\n]+")?[ ]*\n'
    r"(?P<source>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)

#: Stand-ins for what an installed package and an activated environment provide.
_PRELUDE = """
eligibility() { "$PYTHON" -m eligibility.cli "$@"; }
python() { "$PYTHON" "$@"; }
"""


def blocks(document: Document) -> Iterator[Region]:
    """All blocks but plain `python`, which Sybil reads itself."""
    for found in _BLOCK.finditer(document.text):
        indent, source = found["indent"], found["source"]
        lines = [line.removeprefix(indent) for line in source.splitlines(keepends=True)]
        title = (found["title"] or "").strip().removeprefix("title=").strip('"')
        language = found["language"]
        if title or language in ("json", "console"):
            yield Region(found.start(), found.end(), (language, title, "".join(lines)), run_block)


def run_block(example: Example) -> str | None:
    """What is wrong with a block, if anything is."""
    language, title, source = example.parsed
    if title.startswith("examples/"):
        return _stands_in(title, source)
    if title:
        Path(title).write_text(source, encoding="utf-8")
    if language == "json":
        return _json_is_wrong(source)
    if language == "console":
        return _session_differs(source)
    return None


def _stands_in(title: str, source: str) -> str | None:
    text = (ROOT / title).read_text(encoding="utf-8")
    for part in re.split(r"^\s*(?:# )?\.\.\.\n", source, flags=re.MULTILINE):
        if part.strip() and part.strip("\n") not in text:
            return f"{title} does not hold:\n{part}"
    return None


def _json_is_wrong(source: str) -> str | None:
    from eligibility import read_history  # noqa: PLC0415 - Sybil loads this file before coverage

    data = json.loads(source)
    if isinstance(data, dict) and "account_id" in data and "entries" not in data:
        read_history(source)
    return None


def _session_differs(source: str) -> str | None:
    for command, expected in sessions(source):
        printed = run(command)
        if not matches(expected, printed):
            return f"$ {command}\nshould print\n{expected}\nbut prints\n{printed}"
    return None


def sessions(source: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what it is shown to print."""
    command = ""
    shown: list[str] = []
    for line in source.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, "\n".join(shown)
            command, shown = line[2:], []
        elif command.endswith("\\"):
            command = command[:-1] + line
        else:
            shown.append(line)
    if command:
        yield command, "\n".join(shown)


def renewed(text: str) -> str:
    """A page with the sessions as they are printed now, but for those that leave something out."""

    def printed(found: re.Match[str]) -> str:
        if found["language"] != "console" or re.search(r"^\s*\.\.\.$", found[0], re.MULTILINE):
            return found[0]
        told = [f"$ {command}\n{run(command)}" for command, _ in sessions(found["source"])]
        return "```console\n" + "".join(told).rstrip() + "\n```"

    return _BLOCK.sub(printed, text)


def run(command: str) -> str:
    """What a shell command prints, on both streams."""
    environment = {
        **os.environ,
        "PYTHON": sys.executable,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
        "CI": "true",  # there Hypothesis draws the same at each run
    }
    done = subprocess.run(  # noqa: S603 - the commands are those of our own pages
        ["bash", "-c", _PRELUDE + command],  # noqa: S607 - whichever shell the machine has
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        timeout=300,
    )
    return done.stdout.decode("utf-8")


def matches(expected: str, printed: str) -> bool:
    """Whether this is what was printed, however lines are wrapped; a line `...` is any text."""
    wanted = [_words(part) for part in re.split(r"^\s*\.\.\.$", expected, flags=re.MULTILINE)]
    found = _words(printed)
    pattern = ".*".join(re.escape(part) for part in wanted)
    return re.fullmatch(pattern, found, re.DOTALL) is not None


def _words(text: str) -> str:
    return " ".join(text.split())


def _plain_python(document: Document) -> Iterator[Region]:
    """The `python` blocks without a title."""
    yield from PythonCodeBlockParser()(document)


def _enter(namespace: dict[str, Any]) -> None:
    folder = Path(tempfile.mkdtemp())
    (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    namespace["_left"], namespace["_folder"] = Path.cwd(), folder
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    namespace["_profile"] = settings.get_current_profile_name()
    settings.load_profile("document")


def _leave(namespace: dict[str, Any]) -> None:
    settings.load_profile(namespace["_profile"])
    os.chdir(namespace["_left"])
    sys.path.remove(str(namespace["_folder"]))
    shutil.rmtree(namespace["_folder"], ignore_errors=True)


_pages = Sybil(
    parsers=[_plain_python, blocks, SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "examples/*/*.md"],
    setup=_enter,
    teardown=_leave,
)
_docstrings = Sybil(
    parsers=[DocTestParser()],
    patterns=[
        "src/eligibility/*.py",
        "src/eligibility/*/*.py",
        "src/eligibility/*/*/*.py",
        "tests/proofs/exactness.py",
    ],
    setup=_enter,
    teardown=_leave,
)
pytest_collect_file = (_pages + _docstrings).pytest()


with contextlib.suppress(ImportError):
    from xdist.scheduler import LoadScopeScheduling

    class _DocumentsWhole(LoadScopeScheduling):
        """What shares a document, or an engine that is slow to start, stays in one process."""

        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            is_slow_to_start = path.endswith(("/test_spark.py", "/test_browser.py"))
            is_whole = "::line:" in nodeid or is_slow_to_start  # Sybil's examples
            return path if is_whole else nodeid

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
        """How `pytest -n` spreads the tests."""
        return _DocumentsWhole(config, log) if config.getoption("dist") == "load" else None


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
