"""Golden texts: whole verdicts that a lawyer can review, beside what they are about.

Each file of `tests/golden/texts` says in its first line what it shows, then, as JSON, what was
asked (the case, the reading, the supposition, the history, all fictional), and below the rule the
text of the verdict. After a change of words, rewrite the texts, read each aloud, and commit them:

    python tests/text/test_golden_texts.py
"""

import importlib.util
import json
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eligibility import Citation, ClassDefinition, evaluate, read_history
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.text.prose import verdict_text

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "golden" / "texts"
FILES = sorted(FOLDER.glob("*.txt"))
RULE = "=" * 80
#: What no sentence holds: paths, codes of the model and the notation of moments.
CODES = ("[0]", "[]", "_at", "sent-or-received", "premium_", "complete.", "../", "T00:", "null")


@cache
def module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = found
    spec.loader.exec_module(found)
    return found


def definition_of(asked: dict[str, Any]) -> ClassDefinition:
    if asked["case"] == "linkedin":
        return class_definition(Reading.of(**asked.get("reading", {})))
    if asked["case"] == "flo":
        found = module(ROOT / "examples" / "second_case" / "flo.py")
        return found.flo_class(california=asked.get("california", False))  # type: ignore[no-any-return]  # the example is loaded by its path
    club = module(ROOT / "tests" / "helpers" / "small_case.py")
    from eligibility import Clause, Is, Within  # noqa: PLC0415 - the club alone needs them
    from eligibility.values.timeset import TimeSet  # noqa: PLC0415 - as above

    rules = Citation("The club's rules, a fiction")
    until = TimeSet.before(club.at("2024"))
    return ClassDefinition(
        "club",
        "1",
        "The club",
        club.Club,
        (
            Clause("paid", "who paid for a visit", rules, Is("visits[].paid", True)),
            Clause("early", "that they made before 2024", rules, Within("visits[].came", until)),
        ),
    )


def asked_in(file: Path) -> tuple[str, dict[str, Any]]:
    head, _, _ = file.read_text(encoding="utf-8").partition(RULE)
    title, _, asked = head.partition("\n")
    return title, json.loads(asked)


def text_of(asked: dict[str, Any]) -> str:
    definition = definition_of(asked)
    history = read_history(json.dumps(asked["history"]), definition.model)
    supposing = AS_ALLEGED if asked.get("supposing") else None
    return verdict_text(evaluate(history, definition, supposing=supposing))


def wrapped(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip(" ")))
        yield from textwrap.wrap(
            line, 80, subsequent_indent=f"{indent}  ", break_on_hyphens=False
        ) or [""]


def page(file: Path) -> str:
    title, asked = asked_in(file)
    history = asked.pop("history")
    lists = {key: value for key, value in history.items() if isinstance(value, list)}
    plain = {key: value for key, value in history.items() if key not in lists}
    rows = [f'    "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in plain.items()]
    for key, value in lists.items():
        items = ",\n".join(f"      {json.dumps(each, ensure_ascii=False)}" for each in value)
        rows.append(f'    "{key}": [\n{items}\n    ]' if value else f'    "{key}": []')
    head = [f'  "{key}": {json.dumps(value)}' for key, value in asked.items()]
    body = ",\n".join([*head, '  "history": {\n' + ",\n".join(rows) + "\n  }"])
    text = "\n".join(wrapped(text_of({**asked, "history": history})))
    return f"{title}\n{{\n{body}\n}}\n{RULE}\n{text}\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_text_is_the_one_that_was_read(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == page(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_sentence_holds_a_path_or_a_code(file: Path) -> None:
    _, asked = asked_in(file)
    said = text_of(asked)
    sentences = said.partition("The definition's own words")[0]
    assert not [code for code in CODES if code in sentences]


def test_there_is_a_text_for_every_kind() -> None:
    assert len(FILES) >= 25
    asked = [asked_in(file)[1] for file in FILES]
    assert {each["case"] for each in asked} == {"linkedin", "flo", "club"}
    read = {word for each in asked for word in each.get("reading", {}).items()}
    assert {name for name, _ in read} == set(Reading().words())
    statuses = {text_of(each).split("\n")[0] for each in asked}
    assert statuses == {
        *("ELIGIBLE", "INELIGIBLE", "INDETERMINATE"),
        *(
            "ELIGIBLE, supposing what the complaint alleges",
            "INELIGIBLE, supposing what the complaint alleges",
        ),
        "INDETERMINATE, supposing what the complaint alleges",
    }


if __name__ == "__main__":
    for golden in FILES:
        golden.write_text(page(golden), encoding="utf-8")
