"""The docs say what the package does: every code, key, clause, name and option is on its page.

That the examples run is seen to by `conftest.py` at the root.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import attrs
import pytest

import eligibility
from eligibility import CODES, AccountHistory, Status, evaluate
from eligibility.facts.shape import shape
from eligibility.history import Plan
from eligibility.linkedin import Limits
from eligibility.linkedin import codes as archive
from eligibility.rules import (
    AS_ALLEGED,
    DIMENSIONS,
    EXCLUDED,
    PREMIUM_PLANS,
    READING_SOURCES,
    class_definition,
)

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, to the next heading of the same level or a higher one."""
    level = heading.partition(" ")[0]
    after = text.partition(f"\n{heading}\n")[2]
    return re.split(rf"\n#{{1,{len(level)}}} ", after)[0]


def rows(text: str) -> dict[str, str]:
    """The tables of a text: the code in the first cell, and the last cell."""
    return dict(re.findall(r"^\| `([^`]+)` \|(?:.*\|)? *([^|]*?) \|$", text, re.MULTILINE))


def printed(*words: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "eligibility.cli", *words]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")  # noqa: S603 - our own command
    return done.stdout


# ---- codes -----------------------------------------------------------------------------------


def test_documented_codes_are_the_codes() -> None:
    assert rows(section(page("reference/codes.md"), "## Problems")) == CODES


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("### Refusals", archive.REFUSALS),
        ("### Problems of one file", archive.FILE_PROBLEMS),
        ("### Rows passed over", archive.PASSED_OVER),
        ("### Notes", archive.NOTES),
        ("### Hints", archive.HINTS),
    ],
)
def test_documented_archive_codes_are_the_codes(heading: str, table: dict[str, str]) -> None:
    assert rows(section(page("reference/codes.md"), heading)) == table


def test_no_other_archive_codes() -> None:
    listed = rows(section(page("reference/codes.md"), "## The archive reader"))
    assert listed == archive.CODES


def test_every_limit_of_the_archive_reader_is_documented_with_its_default() -> None:
    text = section(page("how-to/read-an-archive.md"), "## If an archive meets a limit")
    stated = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.MULTILINE)
    assert {name: int(most.replace(",", "")) for name, most in stated} == attrs.asdict(Limits())


# ---- the contracts ---------------------------------------------------------------------------


def test_every_key_of_a_history_is_documented() -> None:
    text = page("reference/history.md")
    assert set(rows(section(text, "## The account"))) == set(AccountHistory.model_fields)
    for name, list_shape in shape(AccountHistory).lists.items():
        own = set(list_shape.record.model_fields) - {"id", "source"}
        assert set(rows(section(text, f"## `{name}[]`"))) == own
    assert set(rows(section(text, "## `exclusions`"))) == set(EXCLUDED)


def test_every_plan_is_documented_as_what_it_counts_as() -> None:
    text = section(page("reference/history.md"), "## `premium[]`")
    premium, _, others = text.partition("Plans that do not:")
    assert set(re.findall(r"`(\w+)`", premium.partition("InMail credits:")[2])) == PREMIUM_PLANS
    assert set(re.findall(r"`(\w+)`", others)) == set(get_args(Plan)) - PREMIUM_PLANS


def test_every_key_of_a_verdict_is_documented() -> None:
    text = page("reference/verdict.md")
    known = AccountHistory(account_id="A", messages=[{"inmail": True}], complete=["messages"])
    data = evaluate(known).to_dict()
    assert set(rows(text.partition("\n## ")[0])) == set(data)
    assert set(rows(section(text, "## `status`"))) == {status.value for status in Status}
    for heading, key in (("## Reasons", "reasons"), ("## Questions", "questions")):
        documented = rows(section(text, heading).partition("\n| code | asks")[0])
        assert set(documented) == set(data[key][0])
    for key in data["clauses"][0]:
        assert f"`{key}`" in section(text, "## Clauses")


def test_every_clause_is_documented() -> None:
    ids = [clause.id for clause in class_definition().clauses]
    text = section(page("reference/verdict.md"), "## Clauses")
    assert list(rows(text)) == ids
    assert all(f"`{key}`" in text for key in EXCLUDED)


def test_every_question_code_is_documented() -> None:
    source = (ROOT / "src/eligibility/verdict/questions.py").read_text(encoding="utf-8")
    text = section(page("reference/verdict.md"), "## Questions").partition("| code | asks")[2]
    documented = set(rows(text))
    assert documented == {"yes-no", "which", "before", "when", "complete"}
    assert all(f'"{code}"' in source for code in documented)


def test_every_reading_is_documented_with_who_says_so() -> None:
    text = section(page("how-to/choose-a-reading.md"), "## The dimensions")
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in re.findall(r"^\|.*\|$", text, re.MULTILINE)[2:]:
        dimension, value, _, source = (cell.strip(" `") for cell in line.strip("|").split("|"))
        name = dimension or name
        found.setdefault(name, {})[value] = source
    assert {key: list(values) for key, values in found.items()} == {
        key: [value.value for value in values] for key, values in DIMENSIONS.items()
    }
    for key, values in DIMENSIONS.items():
        for value in values:
            quote = READING_SOURCES[value].quote
            assert quote in found[key][value.value]


# ---- names -----------------------------------------------------------------------------------


def test_exported_names_are_the_documented_names() -> None:
    core = page("reference/python.md").partition("## The rules")[0]
    documented = re.findall(r"^::: eligibility(?:\.\w+)+\.(\w+)$", core, re.MULTILINE)
    assert sorted(documented) == sorted(eligibility.__all__)


def test_every_error_is_documented() -> None:
    errors = {
        name
        for name in eligibility.__all__
        if isinstance(getattr(eligibility, name), type)
        and issubclass(getattr(eligibility, name), Exception)
    }
    assert set(rows(section(page("reference/errors.md"), "## The classes"))) == errors


def test_every_option_of_the_command_line_is_documented() -> None:
    told = printed("check", "--help")
    options = set(re.findall(r"^ +(?:-h, )?(--[a-z-]+)", told, re.MULTILINE)) - {"--help"}
    text = section(page("reference/cli.md"), "## `check`")
    assert {key.split(" ")[0] for key in rows(text) if key.startswith("--")} == options
    assert AS_ALLEGED.name in text


# ---- pages -----------------------------------------------------------------------------------


def test_the_navigation_has_every_page() -> None:
    listed = set(re.findall(r"([\w/-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert listed == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_first_screen_says_what_it_is_not() -> None:
    for name in ("README.md", "docs/index.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        first = re.sub(r"[*\s]+", " ", "\n".join(text.splitlines()[:25])).lower()
        for words in ("proposed", "voluntarily dismissed", "30 january 2025", "no class was"):
            assert words in first
        for words in ("denies the allegation", "no legal advice", "no promise of money"):
            assert words in first


def test_the_readme_shows_a_whole_session() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    sessions = re.findall(r"```console\n(\$ eligibility check .*?)```", text, re.DOTALL)
    whole = [each for each in sessions if not re.search(r"^\s*\.\.\.$", each, re.MULTILINE)]
    assert len(whole) == 1


def test_decisions_are_numbered_in_order() -> None:
    numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", page("decisions.md"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(eligibility.__version__)}\b", text, re.MULTILINE)


def test_the_printed_schema_is_that_of_the_model() -> None:
    assert json.loads(printed("schema"))["required"] == ["account_id"]


def test_the_build_fetches_nothing() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in text
    assert not re.search(r"^\s*-\s*(privacy|social)\b", text, re.MULTILINE)
    assert "http" not in text.partition("extra:")[2]
