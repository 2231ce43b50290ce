"""People to interview, all invented: what each begins with, and says to which question."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flo import flo_class
from small_case import club
from zoom import zoom_class

from eligibility import (
    AccountHistory,
    ClassDefinition,
    Covered,
    History,
    Is,
    Moment,
    TimeSet,
    Uncovered,
    Within,
    read_history,
)
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, Reading, class_definition

FOLDER = Path(__file__).parents[1] / "golden" / "interviews"
FILES = sorted(FOLDER.glob("*.txt"))
RULE = "=" * 80
ZONE = "America/Los_Angeles"
#: Whoever paid for a long visit before 2020, as an adult member who was not banned: a model that
#: says nothing of words, nor of who can know what.
VISITORS = club(
    Is("visits[].paid", True),
    Is("visits[].kind", "long"),
    Within("visits[].came", TimeSet.before(Moment.parse("2020").earliest)),
    Covered("visits[].came", "members", (Is("members[].level", {"gold", "silver"}),)),
    Uncovered("visits[].came", "bans"),
    Is("about.adult", True),
)


def asked_in(file: Path) -> tuple[str, dict[str, Any]]:
    """Who a golden interview is with, and what they know and would say."""
    head, _, _ = file.read_text(encoding="utf-8").partition(RULE)
    title, _, asked = head.partition("\n")
    return title, json.loads(asked)


def begun(person: dict[str, Any], *, supposing: bool) -> Interview:
    """The interview of a person, before the first question."""
    definition = definition_of(person)
    history = history_of(person, definition.model)
    supposed = AS_ALLEGED if supposing and definition.model is AccountHistory else None
    likely = tuple(person.get("likely", ()))
    return Interview.start(history, definition, supposing=supposed, likely=likely)


def definition_of(person: dict[str, Any]) -> ClassDefinition:
    if person["case"] == "flo":
        return flo_class(california=person.get("california", False))
    if person["case"] in (others := {"club": VISITORS, "zoom": zoom_class()}):
        return others[person["case"]]
    return class_definition(Reading.of(**person.get("reading", {})))


def history_of(person: dict[str, Any], model: type[History]) -> History:
    data: dict[str, Any] = {"account_id": "A-1001", **person.get("history", {})}
    if archive := person.get("archive"):
        data |= archive_of(**archive)
    return read_history(json.dumps(data), model)


def archive_of(receipts: int, messages: int) -> dict[str, Any]:
    """What an archive shows: monthly receipts until September 2024, and messages since 2019."""
    paid = [datetime(2023, 10, 15, 17, 22) + timedelta(days=30 * n) for n in range(receipts)]  # noqa: DTZ001 - written with its zone
    every = timedelta(days=2050) / messages
    sent = [datetime(2019, 1, 2, 18) + every * n for n in range(messages)]  # noqa: DTZ001 - as above
    return {
        "premium": [
            {
                "plan": "premium_career",
                "start": f"../{at.isoformat()}Z",
                "end": f"{at.isoformat()}Z/..",
                "source": f"Receipts row {n}",
            }
            for n, at in enumerate(paid, 1)
        ],
        "messages": [
            {
                "direction": ("received", "sent")[n % 2],
                "sent_at": f"{at.isoformat(timespec='seconds')}Z",
                "source": f"messages.csv row {n}",
            }
            for n, at in enumerate(sent, 1)
        ],
    }


def said_by(person: dict[str, Any], interview: Interview) -> tuple[str, Interview]:
    """What a person says to the question of an interview, in words, and the interview after it.

    `says` has for a part of the question's text: `yes` or `no`, words of answers, a date after
    `on`, or a list of parts of answers. To anything else they say that they do not know. `sent` is
    when their one InMail was sent: there was none at any other time.
    """
    question = interview.question
    assert question is not None
    if question.list == "messages" and question.condition and "sent" in person:
        asked = question.condition.get("sent_at", "1900/2199")
        own, within = (Moment.parse(text, ZONE) for text in (person["sent"], asked))
        if own.latest < within.earliest or within.latest < own.earliest:
            return question.answers[1].text, interview.answer(1)
    for part, said in person["says"].items():
        if part not in question.text:
            continue
        if isinstance(said, str) and said.startswith("on "):
            if question.takes_date:
                return said.removeprefix("on "), interview.date(said.removeprefix("on "))
            continue
        parts = [said] if isinstance(said, str) else said
        places = [
            at
            for at, answer in enumerate(question.answers)
            if any(each.lower() in answer.text.lower() for each in parts)
        ]
        if places or question.kind == "pick":
            words = "; ".join(question.answers[at].text for at in places) or "None of them."
            return words, interview.answer(*places)
    return "I don't know.", interview.dont_know()
