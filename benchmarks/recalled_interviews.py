"""A search for people who recall something vaguely, are not asked for it, and are lost by that.

    python benchmarks/recalled_interviews.py --people 1000 --seed 1
    python benchmarks/recalled_interviews.py --people 300 --seed 1 --archives

Invented LinkedIn members, each with a memory that is a history in part: a plan that may have been
Premium, months and years, statements such as 'no InMails since 2022'. They answer what surely
follows from it, else 'I don't know'. At the end stands the status of what they said beside that of
all that they recall. With `--archives` the interview begins with receipts and messages.
"""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from eligibility import AccountHistory, EligibilityError, Status, evaluate
from eligibility.facts.boxes import Said, narrowed
from eligibility.facts.known import KnownRecord, unlisted_of
from eligibility.facts.normalise import normalise
from eligibility.facts.paths import parse
from eligibility.interview import Interview, Question
from eligibility.rules import (
    AS_ALLEGED,
    EXCLUDED,
    PREMIUM_PLANS,
    class_definition,
    every_reading,
)
from eligibility.testing.truthful import said_stretch, surely_none
from eligibility.values.moment import Moment
from eligibility.values.timeline import EARLIEST, LATEST

READINGS = [class_definition(reading) for reading in every_reading()]
PREMIUM = sorted(PREMIUM_PLANS)
PLANS = (PREMIUM, PREMIUM, "premium_career", None, "learning", ["learning", "premium_career"])
MOST_QUESTIONS = 80
#: Nobody speaks of the time before or after.
LONG_AGO, TODAY = Moment.parse("2005").earliest, Moment.parse("2024-12-31").latest


class Recalls:
    """Somebody with a memory; the first records of it are those that an interview begins with."""

    def __init__(self, memory: AccountHistory, begun: AccountHistory) -> None:
        self.memory, self.facts = memory, normalise(memory)
        self.sure: list[tuple[int, int]] = []
        self.named = {name: [*range(len(getattr(begun, name)))] for name in self.facts.lists}

    def reply(self, interview: Interview) -> Interview:
        """The interview after their answer, which surely follows from what they recall."""
        question = interview.question
        assert question is not None
        if question.kind == "any":
            return self._any(interview, question)
        if question.kind == "pick":
            return self._picked(interview, question)
        if question.none_of is not None:
            stretch = self._surely_none(question)
            return interview.date(stretch) if stretch else interview.dont_know()
        if question.takes_date and (known := self._known(question.path or "")) is not None:
            return interview.date(known.text)
        sure = [
            at
            for at, answer in enumerate(question.answers)
            if all(self._is_so(path, value) for path, value in answer.changes.items())
        ]
        may_be = [
            at
            for at, answer in enumerate(question.answers)
            if all(self._is_so(path, value) is not False for path, value in answer.changes.items())
        ]
        several = may_be if question.takes_several and len(may_be) < len(question.answers) else sure
        return interview.answer(*several) if several else interview.dont_know()

    def _record(self, name: str, index: int) -> KnownRecord:
        return self.facts.lists[name][self.named[name][index]]

    def _known(self, path: str) -> Moment | None:
        at = parse(path)
        index = self.named[at.name][at.index or 0]
        found: Moment | None = getattr(getattr(self.memory, at.name)[index], at.field)
        return found

    def _is_so(self, path: str, allowed: Any) -> bool | None:
        """Whether something surely is so, or surely not."""
        at = parse(path)
        if at.index is None:
            answer = self.facts.answers[path]
            return None if answer is None else answer is allowed
        record = self._record(at.name, at.index)
        if at.field in record.bounds:
            low, high = record.bounds[at.field]
            if allowed[0] <= low and high <= allowed[1]:
                return True
            return False if high < allowed[0] or allowed[1] < low else None
        values = record.values[at.field]
        return True if values <= allowed else None if values & allowed else False

    def _any(self, interview: Interview, question: Question) -> Interview:
        name, condition = question.list or "", _condition(question)
        is_stretch = ".throughout." in question.id
        used = [] if is_stretch or ".within." in question.id else self.named[name]
        met = {
            at: self._meets(name, record, condition)
            for at, record in enumerate(self.facts.lists[name])
            if at not in used
        }
        first = next((at for at, meets in met.items() if meets), None)
        if first is not None:
            if any(parse(path).field == "" for path in question.answers[0].changes):
                self.named[name].append(first)
            return interview.answer(0)
        list_shape, stated = self.facts.shape.lists[name], tuple(self.facts.stated[name].values())
        unlisted = unlisted_of(list_shape, stated)
        is_open = any(left for box in unlisted for left in narrowed(box, list_shape, condition))
        return interview.dont_know() if is_open or None in met.values() else interview.answer(1)

    def _surely_none(self, question: Question) -> str | None:
        """The longest time that they have not said yet, and in which there surely was no span."""
        free = surely_none(self.facts, question.list or "", question.none_of or {})
        left = [each for each in free if each not in self.sure]
        if not left:
            return None
        self.sure.append(max(left, key=lambda each: min(each[1], TODAY) - max(each[0], LONG_AGO)))
        return said_stretch(self.sure[-1])

    def _meets(self, name: str, record: KnownRecord, condition: Said) -> bool | None:
        list_shape = self.facts.shape.lists[name]
        parts = [left for box in record.boxes for left in narrowed(box, list_shape, condition)]
        if not parts:
            return False
        sure = all(any(box.within(part) for part in parts) for box in record.boxes)
        return True if sure else None

    def _picked(self, interview: Interview, question: Question) -> Interview:
        found = [
            [self._is_so(path, value) for path, value in answer.changes.items()]
            for answer in question.answers
        ]
        sure = [at for at, each in enumerate(found) if all(each)]
        is_open = any(None in each and False not in each for each in found)
        if is_open and not sure:
            return interview.dont_know()
        return interview.answer(*sure, rest=not is_open)


def _condition(question: Question) -> Said:
    """What a question for a span or a record asks of it."""
    if ".throughout." in question.id:
        first, _, last = question.id.partition(".throughout.")[2].partition("/")
        begins, ends = Moment.parse(first).earliest, Moment.parse(last).latest
        return {"start": (EARLIEST, begins), "end": (ends, LATEST)}
    if ".within." in question.id:
        first, _, last = question.id.partition(".within.")[2].partition("/")
        ran = Moment.parse(first).earliest, Moment.parse(last).latest
        return {"start": (EARLIEST, ran[1]), "end": (ran[0], LATEST)}
    changes = question.answers[1].changes.items()
    return next(where for path, where in changes if parse(path).is_complete)


# ---- whom it is held to ------------------------------------------------------------------------


def members(rng: Random) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Members without an archive: what they recall, and nothing to begin with."""
    while True:
        recalled: dict[str, Any] = {"premium": [], "messages": [], "permissions": []}
        days = sorted(_month(rng) for _ in range(6))
        for at in range(rng.choice([0, 1, 1, 1, 2, 3])):
            ends = ".." if at == 2 or rng.random() < 0.4 else _vague(rng, days[2 * at + 1])
            start = _vague(rng, days[2 * at])
            recalled["premium"].append({"plan": rng.choice(PLANS), "start": start, "end": ends})
            if ends == "..":
                break
        for _ in range(rng.choice([0, 1, 1, 2])):
            is_inmail, way = rng.choice([True, True, None]), rng.choice([None, "sent", "received"])
            sent = _vague(rng, _month(rng))
            recalled["messages"].append({"inmail": is_inmail, "direction": way, "sent_at": sent})
        if rng.random() < 0.15:
            recalled["permissions"].append({"start": _vague(rng, _month(rng)), "end": ".."})
        year = rng.randint(2019, 2024)
        parts: list[Any] = [
            ({"start": f"../{year}"}, {"inmail": True, "sent_at": f"../{year}"}),
            ({"end": f"{year}/.."}, {"inmail": True, "sent_at": f"{year}/.."}),
        ]
        premium, messages = rng.choice(parts)
        recalled["complete"] = [
            *rng.choice([["premium"], ["premium"], [], [{"list": "premium", "where": premium}]]),
            *rng.choice(
                [["messages"], ["messages"], [], [{"list": "messages", "where": messages}]]
            ),
            *rng.choice([["permissions"], ["permissions"], []]),
        ]
        yield recalled, {}


def archived(rng: Random) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Members with an archive: what they recall of it, and what it says."""
    while True:
        begins = datetime(rng.randint(2019, 2023), rng.randint(1, 12), 5, tzinfo=UTC)
        days = rng.randint(40, 1500)
        is_over = begins + timedelta(days) < datetime(2024, 11, 1, tzinfo=UTC)
        ends = f"{begins + timedelta(days):%Y-%m-%d}" if is_over else ".."
        paid = [begins + timedelta(each) for each in range(0, days, rng.choice([30, 365]))][:14]
        receipts = [(f"../{_instant(at)}", f"{_instant(at)}/..") for at in paid]
        first = datetime(2019, 1, 1, tzinfo=UTC)
        after = [rng.uniform(0, 2190) for _ in range(rng.choice([0, 1, 3, 8]))]
        sent = [_instant(first + timedelta(each)) for each in after]
        # they know the month, and that it had begun by the first receipt
        whole = {"start": f"{begins:%Y-%m}-01/{_instant(begins)}", "end": ends}
        recalled = {
            "premium": [{"plan": PREMIUM, **whole} for _ in paid],
            "messages": [{"inmail": rng.choice([True, False]), "sent_at": at} for at in sent],
            "complete": ["premium", "permissions", *rng.choice([["messages"], []])],
        }
        says = {
            "premium": [{"plan": PREMIUM, "start": one, "end": two} for one, two in receipts],
            "messages": [{"sent_at": at} for at in sent],
        }
        yield recalled, says


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _month(rng: Random) -> tuple[int, int]:
    return rng.randint(2018, 2024), rng.randint(1, 12)


def _vague(rng: Random, month: tuple[int, int]) -> str | None:
    """A day, a month or a year, or nothing."""
    day = f"{month[0]}-{month[1]:02}"
    return rng.choice([day, day, f"{month[0]}", f"{day}-{rng.randint(1, 28):02}", None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--archives", action="store_true")
    asked = parser.parse_args()
    rng, counts, lost = Random(asked.seed), list[int](), 0
    drawn = (archived if asked.archives else members)(rng)
    while len(counts) < asked.people:
        recalled, says = next(drawn)
        definition = rng.choice([READINGS[0], *READINGS, READINGS[0]])
        # a permission that may have been too late cannot be said: what is alleged then stands
        supposing = None if recalled.get("permissions") else rng.choice([AS_ALLEGED, None])
        recalled["exclusions"] = dict.fromkeys(EXCLUDED, False)
        try:
            memory = AccountHistory.model_validate({"account_id": "A-1001", **recalled})
            known = evaluate(memory, definition, supposing=supposing).status
        except EligibilityError:
            continue  # nobody recalls what cannot be
        begun = AccountHistory.model_validate({"account_id": "A-1001", **says})
        person = Recalls(memory, begun)
        interview = Interview.start(begun, definition, supposing=supposing)
        while interview.question is not None and len(interview.replies) < MOST_QUESTIONS:
            interview = person.reply(interview)
        counts.append(len(interview.replies))
        status = interview.verdict.status
        assert status in (known, Status.INDETERMINATE), (status, known, memory)
        if status is not known:
            lost += 1
            supposed = "as alleged" if supposing else "supposing nothing"
            print(f"{known.value}, ended {status.value}; {supposed}; {dict(definition.reading)}")
            print(f"    {memory.model_dump_json(exclude_none=True)}")
            for reply in interview.replies:
                words = "?" if reply.dont_know else reply.date or str(reply.chosen)
                print(f"    {reply.text} {words}")
    mean = sum(counts) / len(counts)
    print(f"{len(counts)} people, seed {asked.seed}: {lost} lost")
    print(f"{mean:.2f} questions on average, at most {max(counts)}")


if __name__ == "__main__":
    main()
