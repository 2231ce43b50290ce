"""House rules, each as a small program."""

import ast
import hashlib
import inspect
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path

import attrs
import pytest

import eligibility
from eligibility import CODES, Citation, rules
from eligibility.audit.findings import FINDINGS
from eligibility.linkedin.codes import CODES as ARCHIVE_CODES
from eligibility.rules import REPORT, REPORT_SHA256, every_reading

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "eligibility"
FILES = sorted(SOURCE.rglob("*.py"))
REPORT_FILE = ROOT.parent / "shared" / "facts" / "report.txt"

#: Rooms, in the order in which data goes through them: each imports only what stands before it.
#: The first three are everyone's tools.
STATIONS = [
    *("immutable", "errors", "arguments", "values", "facts", "definition", "evaluation"),
    *("verdict", "interview", "audit", "text"),
]
#: The case, and the front door that supplies it. The engine imports neither.
CASE = ["readings", "case", "spoken", "history", "rules", "api", "__init__"]
#: The rooms of each edge that has some, in the same order, and those of the largest station.
ROOMS = {
    "verdict": [
        *("alike", "minimise", "unknown", "turning", "records_or_spans", "least_asked", "linked"),
        *("relevance", "days", "one_more_record", "questions", "open_facts", "why", "reasons"),
        *("narrowing", "witness", "witnesses", "document", "written", "record", "__init__"),
    ],
    "batch": ["errors", "state", "tables", "sql", "execute", "demo", "__init__"],
    "testing": [
        *(
            "draw",
            "known",
            "truthful",
            "strategies",
            "search",
            "trial",
            "interview_laws",
            "law_trials",
            "laws",
        ),
        *("subprocess_port", "conformance", "differential", "missing_facts", "registration"),
        "__init__",
    ],
    "pdf": ["typeset", "__init__"],
    "analysis": ["sentences", "smt", "comparison", "lint", "__init__"],
    "web": ["screens", "visit", "inputs", "ours", "build", "api", "serve", "__init__"],
}
#: Edges import the core; the core never imports them.
EDGES = {"target", "linkedin", "cli", "testing", "analysis", "batch", "web", "pdf", "__main__"}
#: What the core may import from outside the standard library.
ALLOWED = {"attrs", "attr", "pydantic", "pydantic_core", "typing_extensions", "tzdata", "rfc8785"}


def name_of(path: Path) -> str:
    """`moment` for `moment.py`, `linkedin` for any file of that package."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by a relative path"
            assert node.module is not None
            if node.module == "eligibility":
                yield from (f"eligibility.{alias.name}" for alias in node.names)
            else:
                yield node.module


def ours(path: Path) -> set[str]:
    """The modules of the package that a file imports, by first name."""
    named = (name.split(".") for name in imports(path))
    return {parts[1] for parts in named if parts[0] == "eligibility" and len(parts) > 1}


CORE = [path for path in FILES if name_of(path) not in EDGES]


# ---- names -------------------------------------------------------------------------------------


def in_order(names: Iterable[str]) -> list[str]:
    """Constants, then classes, then functions, each by the alphabet."""
    return sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))


def groups_of_exported_names() -> dict[str, list[str]]:
    """The names of `__all__`, by the comment that stands above them."""
    text = (SOURCE / "__init__.py").read_text(encoding="utf-8")
    listed = text.partition("__all__ = [")[2].partition("]")[0]
    first, *groups = re.split(r"^    # (.+)\n", listed, flags=re.MULTILINE)
    assert '"' not in first, "the first name stands in no group"
    return {
        heading: re.findall(r'"(\w+)"', names)
        for heading, names in zip(groups[::2], groups[1::2], strict=True)
    }


def test_exported_names_are_grouped_sorted_in_each_group_and_stand_there() -> None:
    groups = groups_of_exported_names()
    assert len(groups) > 1
    assert [name for names in groups.values() for name in names] == eligibility.__all__
    for heading, names in groups.items():
        assert names == in_order(names), heading
    assert len(set(eligibility.__all__)) == len(eligibility.__all__)
    assert all(hasattr(eligibility, name) for name in eligibility.__all__)


def test_the_reference_groups_the_names_as_the_front_door_does() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    core = page.partition("\n## The rules\n")[0]
    documented = {
        section.partition("\n")[0]: re.findall(
            r"^::: eligibility\.[\w.]+\.(\w+)$", section, re.MULTILINE
        )
        for section in core.split("\n## ")[1:]
    }
    exported = groups_of_exported_names()
    assert list(documented) == list(exported)
    assert {heading: in_order(names) for heading, names in documented.items()} == exported


def test_exported_names_are_the_imported_names() -> None:
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    imported = [
        alias.asname or alias.name
        for node in ast.walk(tree)  # also what is imported only when it is named
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("eligibility.")
        for alias in node.names
    ]
    assert sorted(imported) == sorted(eligibility.__all__)


def test_exported_things_have_docstrings() -> None:
    for name in eligibility.__all__:
        thing = getattr(eligibility, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, name


# ---- imports -----------------------------------------------------------------------------------


def module_of(path: Path) -> str:
    """`eligibility.values.moment` for that file, `eligibility.values` for the front of a folder."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


def imported(path: Path) -> set[str]:
    """The modules of the package that a file imports, in full, itself left out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys() - {module_of(path)}


def test_every_module_has_its_station() -> None:
    assert {name_of(path) for path in FILES} == {*STATIONS, *CASE, *EDGES}


@pytest.mark.parametrize("path", CORE, ids=module_of)
def test_the_core_never_imports_an_edge(path: Path) -> None:
    assert not ours(path) & EDGES


@pytest.mark.parametrize(
    "path", [path for path in CORE if name_of(path) in STATIONS], ids=module_of
)
def test_a_station_imports_only_itself_and_what_stands_before_it(path: Path) -> None:
    """So the engine imports no case either: the case stands in no station."""
    at = STATIONS.index(name_of(path))
    assert ours(path) <= set(STATIONS[: at + 1])


@pytest.mark.parametrize("house", ROOMS)
def test_no_room_imports_one_behind_it(house: str) -> None:
    rooms = ROOMS[house]

    def room(path: Path) -> str:
        return path.relative_to(SOURCE / house).parts[0].removesuffix(".py")

    own = {name: path for name, path in MODULES.items() if name_of(path) == house}
    assert {room(path) for path in own.values()} == set(rooms)
    back = [
        f"{room(path)} imports {name}"
        for path in own.values()
        for name in imported(path) & own.keys()
        if rooms.index(room(own[name])) > rooms.index(room(path))
    ]
    assert back == []


def test_no_import_runs_in_a_circle() -> None:
    left = {name: imported(path) for name, path in MODULES.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(left) == []


def test_no_module_bears_the_name_of_an_exported_function() -> None:
    exported = {
        name for name in eligibility.__all__ if inspect.isfunction(getattr(eligibility, name))
    }
    assert {path.stem for path in FILES} & exported == set()


def test_nothing_imports_the_front_door() -> None:
    for path in FILES:
        if "eligibility" in imports(path):
            pytest.fail(f"{path.name} imports the front door")


def test_the_archive_reader_needs_no_rules() -> None:
    for path in (SOURCE / "linkedin").glob("*.py"):
        assert not ours(path) & {"rules", "evaluate", "verdict", "definition", "cli"}


@pytest.mark.parametrize("path", CORE, ids=module_of)
def test_the_core_imports_few_libraries(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names)
    assert outside <= ALLOWED | {"eligibility"}


def test_loading_the_core_loads_no_edge_and_nothing_heavy() -> None:
    program = "import sys, eligibility, eligibility.rules; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    )
    loaded = set(done.stdout.split())
    heavy = {"typer", "click", "rich", "numpy", "pandas", "polars", "rfc8785"}
    assert loaded & heavy == set()
    assert not {f"eligibility.{edge}" for edge in EDGES} & loaded


def test_the_core_reads_no_clock_no_environment_and_no_network() -> None:
    forbidden = re.compile(
        r"\b(datetime\.now|datetime\.today|utcnow|date\.today|time\.time|os\.environ|getenv|"
        r"socket|urllib|random)\b"
    )
    for path in CORE:
        assert not forbidden.search(path.read_text(encoding="utf-8")), path.name


# ---- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_is_not_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_module_is_called_utils() -> None:
    assert not [p for p in FILES if re.search(r"util|helper|common|misc", p.stem)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def exceptions_to_lint() -> Iterator[tuple[Path, int, str]]:
    """Every comment that silences a checker."""
    places = [SOURCE, ROOT / "tests", ROOT / "examples", ROOT / "benchmarks"]
    for path in [ROOT / "conftest.py", *(p for place in places for p in place.rglob("*.py"))]:
        with tokenize.open(path) as file:
            for token in tokenize.generate_tokens(file.readline):
                if token.type == tokenize.COMMENT and re.search(
                    r"#\s*(noqa|type:\s*ignore|ruff:|mypy:|pragma:)", token.string
                ):
                    yield path, token.start[0], token.string


def test_every_exception_to_lint_carries_its_reason() -> None:
    reasoned = re.compile(
        r"#\s*(ruff: |mypy: )?"
        r"(noqa: [A-Z0-9, ]+|type: ?ignore\[[\w, -]+\]|pragma: no (cover|branch))"
        r"\s*(-|#|—|:)\s*\S"
    )
    bare = [
        f"{path.relative_to(ROOT)}:{line}: {comment}"
        for path, line, comment in exceptions_to_lint()
        if not reasoned.search(comment)
    ]
    assert bare == []


# ---- the sources -------------------------------------------------------------------------------


def citations() -> set[Citation]:
    """Every citation that the rules hold anywhere, and those of the clauses of every reading."""
    definitions = [rules.class_definition(reading) for reading in every_reading()]
    return set(within([*vars(rules).values(), *(each.steps for each in definitions)]))


def within(value: object) -> Iterator[Citation]:
    """The citations in a value: in its fields, its members, its values."""
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, Mapping):
        yield from within(tuple(value.values()))
    elif isinstance(value, list | tuple | frozenset):
        for member in value:
            yield from within(member)
    elif attrs.has(type(value)):
        for name in attrs.fields_dict(type(value)):
            yield from within(getattr(value, name))


@pytest.fixture(scope="session")
def report() -> str:
    if not REPORT_FILE.exists():
        pytest.skip("THE REPORT IS NOT HERE: its quotations were not checked against it")
    return REPORT_FILE.read_text(encoding="utf-8")


def test_the_report_is_the_one_that_was_read(report: str) -> None:
    assert report
    assert hashlib.sha256(REPORT_FILE.read_bytes()).hexdigest() == REPORT_SHA256


def test_quotations_from_the_report_stand_in_it_letter_by_letter(report: str) -> None:
    quotes = [each.quote for each in citations() if each.source.startswith(REPORT)]
    assert len(quotes) > 12
    for quote in quotes:
        assert quote
        assert quote in report


def test_what_the_supposition_says_is_reported_stands_there(report: str) -> None:
    (reported,) = re.findall("The report says that '(.+?)'", rules.AS_ALLEGED.text)
    assert reported in report.splitlines()[1]


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_quotes_from_the_report_stands_there(report: str, path: Path) -> None:
    """In a block or a row of a table that names the report, quotations are the report's."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    blocks = re.split(r"\n\n|\n(?=[|#-])", prose)
    for block in blocks:
        if re.search(r"\bthe report\b", block, re.IGNORECASE):
            for quote in re.findall("“([^“”]*(?:“[^“”]*”[^“”]*)*)”", block):
                assert " ".join(quote.split()) in report, quote


def test_what_the_report_says_stands_where_it_bears() -> None:
    definition = rules.class_definition(rules.Reading.of(exclusions="customary"))
    said = {step.id: " ".join(each.quote for each in step.context) for step in definition.steps}
    for words in ("privacy setting", "Frequently Asked Questions", "not affect training", "cover"):
        assert words in said["without-permission"]
    assert "September 18, 2024" in said["before-update"]
    assert "Microsoft" in said["defendant_or_affiliate"]
    assert "Microsoft" in rules.EXCLUDED["defendant_or_affiliate"]
    assert "$1,000 per person" in rules.CASE.sought[0].quote
    assert "millions" in rules.CASE.on_behalf_of.quote


def test_quotations_stand_in_the_paragraph_that_they_name(report: str) -> None:
    paragraphs = report.splitlines()  # the byline is the first
    for each in citations():
        numbers = re.findall(r"paragraphs? (\d+)(?: and (\d+))?$", each.source)
        if each.source.startswith(REPORT) and each.quote and numbers:
            named = [paragraphs[int(number) - 1] for number in numbers[0] if number]
            assert any(each.quote in paragraph for paragraph in named), each


def test_every_value_of_a_reading_names_its_source() -> None:
    for reading in every_reading():
        for name in reading.words():
            value = getattr(reading, name)
            assert isinstance(value, Enum)
            assert rules.READING_SOURCES[value].source


# ---- words about the case ----------------------------------------------------------------------

_NEVER = re.compile(
    r"you are owed|you're owed|you are entitled|you will receive|your payout|your compensation|"
    r"your award|class was certified|certified class|class is certified|settlement",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(no|not|never|nobody|without|n't|nor)\b", re.IGNORECASE)
#: Other cases, in which a class was certified or a settlement was made.
_OTHER_CASE = re.compile(r"Frasco|Flo Health|Zoom", re.IGNORECASE)


def texts() -> list[Path]:
    found = [*SOURCE.rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*")]
    kept = [path for path in found if path.suffix in {".py", ".md", ".html", ".json"}]
    return [*kept, ROOT / "README.md", ROOT / "CHANGELOG.md"]


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_is_promised_anything(path: Path) -> None:
    text = " ".join(path.read_text(encoding="utf-8").replace('"\n', "").split())
    for found in _NEVER.finditer(text):
        about = text[max(0, found.start() - 120) : found.end() + 60]
        denied = _DENIED.search(about) or _OTHER_CASE.search(about)
        assert denied, about


def test_every_verdict_carries_the_notice() -> None:
    notice = rules.NOTICE
    for words in (
        "proposed class",
        "voluntarily dismissed without prejudice on 30 January 2025",
        "no class was certified",
        "LinkedIn denies",
        "no legal advice",
        "no promise of money",
    ):
        assert words in notice
    assert all(rules.class_definition(reading).notice == notice for reading in every_reading())


#: A line that has a package index install the library: it is on none, and the name is anybody's.
_FROM_AN_INDEX = re.compile(
    r"\b(?:pip3?|pipx|uvx?|poetry|pdm|conda|mamba)\b[^\n]*?\b(?:install|add|run|tool|from)\b[^\n]*?"
    r"(?<![\w./-])eligibility(?![\w./-])(?! check| batch| define| schema)"
)


@pytest.mark.parametrize(
    ("line", "is_from_an_index"),
    [
        ("pip install eligibility", True),
        ("pip install 'eligibility[testing]'", True),
        ("python3 -m pip install -q -U eligibility>=0.1 fastapi", True),
        ("packed/bin/pip install pandas 'eligibility[batch]'", True),
        ("uv add eligibility", True),
        ("pip install '.[testing]'", False),
        ("In a clone of eligibility, run: pip install '.[testing]'", False),
        ("pip install -q . && .venv/bin/eligibility check a.json", False),
        ("pip install wheels/eligibility-0.1.0-py3-none-any.whl", False),
    ],
)
def test_a_line_that_installs_from_an_index_is_known(line: str, *, is_from_an_index: bool) -> None:
    assert bool(_FROM_AN_INDEX.search(line)) == is_from_an_index


def test_nobody_is_told_to_install_the_library_from_an_index() -> None:
    kept = {".py", ".md", ".txt", ".toml", ".html", ".yml", ".cfg", ".sh", ""}
    places = ["src", "tests", "docs", "examples", "benchmarks", ".ci"]
    found = [*ROOT.glob("*"), *(path for place in places for path in (ROOT / place).rglob("*"))]
    for path in found:
        if path.is_file() and path.suffix in kept and path != Path(__file__):
            said = _FROM_AN_INDEX.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not said, f"{path}: {said[0]}"


def test_committed_texts_name_no_machine() -> None:
    machine = re.compile(r"/(?:work|tmp|root|home)/|localhost:|p[y]pi[.]org|p[y]thonhosted")
    for path in [*texts(), *FILES, *(ROOT / "tests").rglob("*.py"), ROOT / "conftest.py"]:
        if path != Path(__file__):
            assert not machine.search(path.read_text(encoding="utf-8")), path


# ---- codes -------------------------------------------------------------------------------------

#: Every code that a problem may have, and the tables that describe them.
KNOWN_CODES = CODES.keys() | ARCHIVE_CODES.keys() | FINDINGS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_problem_has_a_code_that_is_described(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    codes = {
        first.value
        for call in calls
        if call.func.id == "Problem" and call.args
        for first in call.args[:1]
        if isinstance(first, ast.Constant)
    }
    assert codes - KNOWN_CODES == set()


# ---- words ---------------------------------------------------------------------------------------

#: Words of our own that the field has better ones for, and what is written instead (design, 2).
#: Small and large letters are the same, and `_` parts words as a blank does.
GONE = {
    r"\bma[dk]e?(ing)?[ -]ready\b": "normalise, normalised",
    r"\blook(s|ed|ing)? twice\b": "two passes",
    r"\bpivots?\b": "relevant fact",
    r"\bsettl(e|es|ed|ing)\b": "narrow, satisfy, avoid, decide",
    r"\b(en|un)?tangl(e|es|ed|ing)\b": "joint coverage, or outside the fragment",
    r"\brivals?\b": "the records that a case split sets apart",
    r"\b(dull|plain)est\b": "simplest",
    r"\bspar(ed|ing)\b": "minimised",
    r"\bgated?\b": "existence condition",
    r"\bstage of\b|\bstages\b": "normal form",
    r"(?-i:\bTold[A-Z]\w*|\bListed\b)": "the verdict's document, enumeration",
}


def where_words_are_held() -> list[Path]:
    return [
        *FILES,
        *sorted((ROOT / "benchmarks").rglob("*.py")),
        *sorted((ROOT / "examples").rglob("*.py")),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


@pytest.mark.parametrize("word", GONE)
def test_a_word_of_our_own_is_gone_where_the_field_has_one(word: str) -> None:
    """The decision log keeps the words of its day."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: write {GONE[word]}: {line.strip()}"
        for path in where_words_are_held()
        if path.name != "decisions.md"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(word, line.replace("_", " "), re.IGNORECASE)
    ]
    assert found == []


#: Front doors of a folder, and what runs a package.
SHORT = {"__init__", "__main__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_is_not_a_scrap(path: Path) -> None:
    assert path.stem in SHORT or len(path.read_text(encoding="utf-8").splitlines()) >= 25


def test_the_contributors_map_names_what_there_is() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)*\w+\.py|(?:\w+/)+)`", page))
    named |= set(re.findall(r"^  (\w+\.py|\w+/) ", page, re.MULTILINE))
    there = [SOURCE, ROOT]
    assert [name for name in named if not any((root / name).exists() for root in there)] == []
    assert len(named) > 30
