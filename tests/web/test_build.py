"""The page as a file: the same bytes for the same input, what it holds, and what is refused."""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import attrs
import pytest

from eligibility.web import inputs as fetching
from eligibility.web import ours
from eligibility.web.build import Page, put_together
from eligibility.web.inputs import BuildError, Inputs, Pinned, inputs, pins
from eligibility.web.visit import Visit


def pinned(name: str, content: bytes) -> Pinned:
    return Pinned(f"{name}==1", name, hashlib.sha256(content).hexdigest())


GIVEN = Inputs(
    pinned("run.tgz", b"runtime"),
    (pinned("one.whl", b"wheel"),),
    {"run.tgz": b"runtime", "one.whl": b"wheel"},
)


@pytest.fixture(scope="module")
def page() -> Page:
    return put_together(None, GIVEN)


def test_the_same_input_gives_the_same_bytes_and_another_gives_others(page: Page) -> None:
    assert put_together(None, GIVEN) == page
    assert hashlib.sha256(page.content).hexdigest() == page.sha256
    content = {**GIVEN.content, "one.whl": b"another"}
    assert put_together(None, attrs.evolve(GIVEN, content=content)).digest != page.digest


def test_the_digest_in_the_footer_is_of_the_file_without_it(page: Page) -> None:
    (shown,) = re.findall(rb'id="digest">([0-9a-f]{64})<', page.content)
    assert shown.decode() == page.digest
    assert hashlib.sha256(page.content.replace(shown, b"0" * 64)).hexdigest() == page.digest


def test_the_policy_names_the_texts_of_the_page_and_lets_nothing_out(page: Page) -> None:
    text = page.content.decode()
    assert f'<meta http-equiv="Content-Security-Policy" content="{page.policy}">' in text
    assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script>")
    for rule in ("default-src 'none'", "connect-src 'none'", "form-action 'none'"):
        assert rule in page.policy.split("; ")
    assert "unsafe-inline" not in page.policy
    assert not re.search(r'(?:src|href)="(?!#|data:,")', text)


def test_the_first_screen_stands_in_the_file(page: Page) -> None:
    text = page.content.decode()
    before, _, after = text.partition("<script>")
    assert "<h1" in before
    assert 'value="begin"' in before
    assert 'type="application/octet-stream" id="one.whl">d2hlZWw=<' in after


def test_our_own_sources_are_those_that_a_browser_needs() -> None:
    sources = ours.library()
    assert {"eligibility/web/visit.py", "eligibility/linkedin/reading.py"} <= sources.keys()
    assert not [
        each for each in sources if each.startswith(("eligibility/cli", "eligibility/batch"))
    ]
    with tarfile.open(fileobj=io.BytesIO(ours.packed(sources))) as archive:
        assert [each.name for each in archive] == sorted(sources)
        assert {each.mtime for each in archive} == {0}


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes modules of somebody's own, which can be imported."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(files: dict[str, str]) -> None:
        for name, source in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(source, encoding="utf-8")

    return write


def test_a_definition_brings_its_own_modules(mine: Any) -> None:
    files = {
        "their/__init__.py": "",
        "their/more.py": "A = 1",
        "their/rules.py": "import json\nfrom their import words\nfrom eligibility import Is\n",
        "their/words.py": "from .more import A",
    }
    mine(files)
    assert ours.definition("their.rules:A") == {
        name: source.encode() for name, source in files.items()
    }


def test_what_a_definition_imports_and_the_page_does_not_hold_is_named(mine: Any) -> None:
    mine({"greedy.py": "import polars\nimport gone\nfrom eligibility.batch import statement\n"})
    with pytest.raises(BuildError) as caught:
        ours.definition("greedy:A")
    assert sorted(each.path for each in caught.value.problems) == [
        "eligibility.batch",
        "gone",
        "polars",
    ]
    assert {each.code for each in caught.value.problems} == {"web-definition-imports"}


def test_the_page_of_another_class_is_about_that_class() -> None:
    page = put_together("flo:flo_class", GIVEN).content.decode()
    assert "LinkedIn" not in page.partition("<script>")[0]
    assert json.loads(re.findall(r'id="inputs">(.*?)<', page)[0])["definition"] == "flo:flo_class"


def test_the_page_of_another_reading_reads_the_description_so() -> None:
    reading = {"premium_when": "ever"}
    page = put_together(None, GIVEN, reading).content.decode()
    assert json.loads(re.findall(r'id="inputs">(.*?)<', page)[0])["reading"] == reading
    assert "You had Premium at some time before 18 September 2024." in page.partition("<script>")[0]
    visit = Visit("", json.dumps(reading))
    assert visit.send('{"do": ["begin"]}', "{}")["holds"]


def test_what_cannot_be_fetched_is_named_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(words: Any, **_: Any) -> Any:
        if "pip" not in words:
            raise FileNotFoundError
        return subprocess.CompletedProcess(words, 1, "", "no network")

    monkeypatch.setattr(fetching.subprocess, "run", no_network)
    with pytest.raises(BuildError) as caught:
        inputs(tmp_path)
    runtime, wheels, _ = pins()
    problems = caught.value.problems
    assert [each.path for each in problems] == [each.file for each in (runtime, *wheels)]
    assert {each.code for each in problems} == {"web-input-missing"}
    assert "There is no `" in problems[0].message
    assert "no network" in problems[1].message
    assert runtime.sha256 in problems[0].hint
    assert str(tmp_path) in problems[0].hint


def test_the_page_runs_on_the_versions_that_the_tests_were_passed_with() -> None:
    text = (Path(__file__).parents[2] / "constraints.txt").read_text(encoding="utf-8")
    constraints = {line.lower().replace("_", "-") for line in text.splitlines()}
    assert [each.package for each in pins()[1] if each.package not in constraints] == []


def test_another_file_than_was_pinned_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, wrong = pinned("right.whl", b"right"), pinned("wrong.whl", b"right too")
    monkeypatch.setattr(fetching, "pins", lambda: (right, (wrong,), ()))
    (tmp_path / "right.whl").write_bytes(b"right")
    (tmp_path / "wrong.whl").write_bytes(b"altered")
    with pytest.raises(BuildError) as caught:
        inputs(tmp_path)
    assert [(each.code, each.path) for each in caught.value.problems] == [
        ("web-input-differs", "wrong.whl")
    ]


def test_the_command_says_what_it_wrote_and_what_is_missing(
    page_file: Path, page_built: Page, tmp_path: Path
) -> None:
    """The page of a process of its own is, byte for byte, the page that the tests opened."""
    command = [sys.executable, "-m", "eligibility", "web", "build", "-o", str(tmp_path / "a.html")]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")  # noqa: S603 - our own command
    assert (tmp_path / "a.html").read_bytes() == page_file.read_bytes()
    assert page_built.sha256 in done.stdout
    assert page_built.digest in done.stdout
