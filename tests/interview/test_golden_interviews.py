r"""Golden interviews: whole dialogues that read well aloud, beside what each person knows.

Each file of `tests/golden/interviews` says in its first line who it is, then, as JSON, what they
would say and what must come of it, and below the rule the dialogue as it went, all of it fictional.
After a change of words, rewrite the dialogues, read each aloud, and commit them:

    PYTHONPATH=tests/helpers:examples/second_case:examples/third_case \
        python tests/interview/test_golden_interviews.py
"""

import json
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from interview_people import FILES, FOLDER, RULE, asked_in, begun, said_by

from eligibility.interview import Interview, Question

ROOT = Path(__file__).parents[2]
#: What nobody who is asked should have to read: paths, the notation, zones, times of day.
CODES = (
    "[0]",
    "[]",
    "_at",
    "complete.",
    "../",
    "/..",
    "T00:",
    "null",
    "UTC",
    "Los_Angeles",
    "premium_",
)
MOST_SHOWN = 6
PAGE = ROOT / "docs" / "explanation" / "ten-dialogues.md"
#: The dialogues that the docs show.
TEN = (
    "never-had-premium",
    "premium-since-2021",
    "does-not-know-inmails",
    "subscribed-after-the-update",
    "premium-until-2023",
    "never-an-inmail",
    "inmails-after-the-update",
    "knows-nothing",
    "spring-2024",
    "has-an-archive",
)
#: And those of other classes: each with its title, what it shows, and who is asked.
OTHERS = {
    "Frasco v. Flo Health": (
        "`examples/second_case`: where somebody lived, and what they entered into an app.",
        ("flo-user", "flo-abroad", "flo-unsure-when", "flo-knows-nothing"),
    ),
    "In re Zoom": (
        "`examples/third_case`: who used an app otherwise than through some kinds of account.",
        ("zoom-user", "zoom-enterprise-only", "zoom-unsure-which", "zoom-knows-nothing"),
    ),
    "A club, of which the model says no words at all": (
        "All words are made of names such as `paid`. Nobody said who can know what: all is asked.",
        ("club-member", "club-never-a-member", "club-unsure", "club-knows-nothing"),
    ),
}
PREFACE = """# Ten dialogues

How an interview goes with ten people, all invented, under the default reading: once supposing
what the complaint alleges, once supposing nothing. Each ends in the verdict that `evaluate` gives
on what was said; below it stands what stays open, and who can know that. Nobody is asked about the
sharing, which only LinkedIn can know. The tests hold this page as it stands.

Below them stand dialogues about [other classes](#other-classes).
"""


def turns(
    interview: Interview, person: dict[str, Any]
) -> Iterator[tuple[Question, str, Interview]]:
    """Each question, what is said to it, and the interview after that."""
    while (question := interview.question) is not None:
        words, interview = said_by(person, interview)
        yield question, words, interview


def block(words: str, first: str = "", then: str = "") -> str:
    return textwrap.fill(
        words, 80, initial_indent=first, subsequent_indent=then or first, break_on_hyphens=False
    )


def dialogue(person: dict[str, Any], *, supposing: bool) -> tuple[str, Interview, list[Question]]:
    return held(json.dumps(person), supposing)


@cache
def held(asked: str, supposing: bool) -> tuple[str, Interview, list[Question]]:
    person = json.loads(asked)
    interview = begun(person, supposing=supposing)
    lines, questions, helped = [], [], set()
    for question, words, after in turns(interview, person):
        questions.append(question)
        lines.append(block(question.text, f"{len(questions)}. ", "   "))
        if question.help and question.help not in helped:
            lines += [block(each, "   | ") for each in question.help.splitlines()]
            helped.add(question.help)
        if question.kind in ("which", "when", "pick"):
            shown = [answer.text for answer in question.answers[:MOST_SHOWN]]
            lines += [block(text, "   o ", "     ") for text in shown]
            if len(question.answers) > MOST_SHOWN:
                lines.append(f"   o ... and {len(question.answers) - MOST_SHOWN} more")
        lines.append(block(words, "   > ", "   > "))
        interview = after
    lines.append(f"   {interview.verdict.status.value.upper()}")
    lines += [block(words, "   ", "   ") for words in interview.open_sentences]
    return "\n".join(lines), interview, questions


def page(file: Path) -> str:
    title, person = asked_in(file)
    rows = [f'  "{key}": {json.dumps(value)}' for key, value in person.items() if key != "says"]
    says = ",\n".join(
        f"    {json.dumps(key)}: {json.dumps(v)}" for key, v in person["says"].items()
    )
    rows.append('  "says": {' + (f"\n{says}\n  }}" if says else "}"))
    parts = [f"{title}\n{{\n" + ",\n".join(rows) + f"\n}}\n{RULE}"]
    for supposing in (True, False) if "ends_without" in person else (False,):
        if "ends_without" in person:
            parts.append("Supposing what is alleged:" if supposing else "Without supposing it:")
        parts.append(dialogue(person, supposing=supposing)[0])
    return "\n\n".join(parts).replace(f"{RULE}\n\n", f"{RULE}\n") + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_dialogue_is_the_one_that_was_read(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == page(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_ends_as_it_must_within_its_number_of_questions(file: Path) -> None:
    _, person = asked_in(file)
    both = (True, False) if "ends_without" in person else (False,)
    for supposing in both:
        _, interview, questions = dialogue(person, supposing=supposing)
        key = "ends_without" if "ends_without" in person and not supposing else "ends"
        assert interview.verdict.status.value == person[key]
        assert len(questions) <= person["at_most"]
        assert interview.progress == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_question_can_be_read_and_answered_by_whoever_it_is_put_to(file: Path) -> None:
    _, person = asked_in(file)
    for supposing in (True, False):
        for question in dialogue(person, supposing=supposing)[2]:
            words = [question.topic, question.text, question.help]
            words += [answer.text for answer in question.answers]
            assert not [code for code in CODES for text in words if code in text]
            assert question.answers or question.takes_date
            assert "shared" not in question.text.lower()
            assert json.loads(json.dumps(question.to_dict())) == question.to_dict()


def test_there_is_a_dialogue_for_every_kind_of_question() -> None:
    assert len(FILES) >= 14
    kinds = {q.kind for file in FILES for q in dialogue(asked_in(file)[1], supposing=True)[2]}
    assert kinds == {"any", "yes-no", "which", "when", "pick"}


def documented() -> str:
    """The dialogues of the docs, as they go: the ten, and those of other classes."""
    parts = [PREFACE]
    for name in TEN:
        file = FOLDER / f"{name}.txt"
        title, person = asked_in(file)
        parts.append(f"## {title.rstrip('.')}\n")
        for supposing, words in ((True, "Supposing what is alleged"), (False, "Supposing nothing")):
            spoken = dialogue(person, supposing=supposing)[0]
            parts.append(f"{words}:\n\n```text\n{spoken}\n```\n")
    parts.append("## Other classes\n\nNothing is supposed here.\n")
    for case, (shows, names) in OTHERS.items():
        parts.append(f"### {case}\n\n{textwrap.fill(shows, 100)}\n")
        for name in names:
            title, person = asked_in(FOLDER / f"{name}.txt")
            spoken = dialogue(person, supposing=False)[0]
            parts.append(f"{title}\n\n```text\n{spoken}\n```\n")
    return "\n".join(parts)


def test_the_docs_show_the_dialogues_as_they_go() -> None:
    assert PAGE.read_text(encoding="utf-8") == documented()


if __name__ == "__main__":
    for golden in FILES:
        golden.write_text(page(golden), encoding="utf-8")
    PAGE.write_text(documented(), encoding="utf-8")
