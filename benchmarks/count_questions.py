r"""How many questions an interview asks, beside the fewest that could do and beside a form.

A population of invented members, each of whom knows when they had Premium and when an InMail was
sent, is interviewed to the end. *Optimum*: the fewest questions on average, found by dynamic
programming over every order in which the questions that matter could be asked. *Form*: every fact
of one subscription and one message, in the order of the model, until the status is decided.

    PYTHONPATH=tests/helpers:examples/second_case:examples/third_case \
        python benchmarks/count_questions.py
"""

from itertools import product
from statistics import mean
from typing import Any

from attrs import evolve, frozen
from interview_people import begun, said_by

from eligibility import AccountHistory, Status, evaluate, refine
from eligibility.interview import Interview, Question
from eligibility.rules import AS_ALLEGED

Person = dict[str, Any]

#: When they had Premium: whether before the update, since when, whether until now or until when.
PREMIUM = {
    "never": {"Premium at any time": "no"},
    "since March 2021": {"Premium begin": "on 2021-03", "still have": "yes"},
    "since June 2024": {"Premium begin": "on 2024-06", "still have": "yes"},
    "2020 to April 2023": {
        "Premium begin": "on 2020",
        "still have": "no",
        "Premium end": "on 2023-04",
    },
    "since October 2024": {"Premium at any time": "no"},
}
#: When an InMail was sent, if any was before the update.
INMAIL = {
    "none": {"InMail before": "no"},
    "in 2022": {"InMail sent": "on 2022"},
    "in 2023": {"InMail sent": "on 2023"},
    "in August 2024": {"InMail sent": "on 2024-08"},
    "InMail since October 2024": {"InMail before": "no"},
}
#: What the facts are, in the order of the model, as the form asks for them.
FACTS: dict[str, Any] = {
    "never": None,
    "since March 2021": ("2021-03", ".."),
    "since June 2024": ("2024-06", ".."),
    "2020 to April 2023": ("2020", "2023-04"),
    "since October 2024": ("2024-10", ".."),
    "none": None,
    "in 2022": "2022",
    "in 2023": "2023",
    "in August 2024": "2024-08",
    "InMail since October 2024": "2024-10",
}


def person(premium: str, inmail: str) -> Person:
    """Somebody who answers whatever is asked of these facts."""
    says = {"Apart from that": "no", "any other": "no", "allow LinkedIn": "no"}
    says |= PREMIUM[premium] | INMAIL[inmail]
    sent = {"sent": FACTS[inmail]} if FACTS[inmail] else {}
    return {
        "case": "linkedin",
        **sent,
        "says": says
        | {"Premium at any time": says.get("Premium at any time", "yes")}
        | {"InMail before": says.get("InMail before", "yes")},
    }


def length(who: Person, *, supposing: bool) -> int:
    """How many questions they are asked."""
    interview, count = begun(who, supposing=supposing), 0
    while interview.question is not None:
        interview, count = said_by(who, interview)[1], count + 1
    return count


class Optimum:
    """The fewest questions on average, whichever of those that matter is asked next."""

    def __init__(self, people: list[Person], *, supposing: bool) -> None:
        self.people = people
        self.start = begun(people[0], supposing=supposing)
        self.known: dict[tuple[Any, ...], float] = {}

    def average(self) -> float:
        """For the whole population."""
        everybody = frozenset(range(len(self.people)))
        return self._fewest(self.start, everybody) / len(self.people)

    def _fewest(self, interview: Interview, left: frozenset[int]) -> float:
        """How many questions all of them are asked together from here on."""
        if interview.question is None:
            return 0
        said = sorted((reply.question, reply.date, reply.chosen) for reply in interview.replies)
        key = (left, tuple(map(str, said)))
        if key not in self.known:
            agenda = interview._agenda  # noqa: SLF001 - all questions, not the first alone
            several = {each.text: each for each in agenda.questions()}
            questions = several.values() or [interview.question]
            self.known[key] = min(self._asking(interview, each, left) for each in questions)
        return self.known[key]

    def _asking(self, interview: Interview, question: Question, left: frozenset[int]) -> float:
        at = asking(interview, question)
        groups: dict[str, tuple[Interview, set[int]]] = {}
        for who in left:
            words, after = said_by(self.people[who], at)
            groups.setdefault(words, (after, set()))[1].add(who)
        rest = (self._fewest(after, frozenset(some)) for after, some in groups.values())
        return len(left) + sum(rest)


def asking(interview: Interview, question: Question) -> Interview:
    """The interview, if it asked this question next."""
    other = evolve(interview)
    other.__dict__["question"] = question  # found already: it is not looked for again
    return other


def form(premium: str, inmail: str, *, supposing: bool) -> int:
    """How many fields of a form are filled in, one by one, until the status is decided."""
    had, got = FACTS[premium], FACTS[inmail]
    steps: list[dict[str, Any]] = [{"premium[0]": {}} if had else {"complete.premium": True}]
    if had:
        steps += [{"premium[0].plan": "premium_career"}, {"premium[0].start": had[0]}]
        steps += [{"premium[0].end": had[1]}, {"complete.premium": True}]
    steps.append({"messages[0]": {}} if got else {"complete.messages": True})
    if got:
        steps += [{"messages[0].inmail": True}, {"messages[0].direction": "received"}]
        steps += [{"messages[0].sent_at": got}, {"complete.messages": True}]
    steps.append({"complete.permissions": True})
    history, so = AccountHistory(account_id="A-1001"), AS_ALLEGED if supposing else None
    for count, step in enumerate(steps, 1):
        history = refine(history, step)
        if evaluate(history, supposing=so).status is not Status.INDETERMINATE:
            return count
    return len(steps)


@frozen
class Counts:
    """How many questions a population is asked, each as it is and as it could be."""

    asked: list[int]
    optimum: float
    forms: list[int]

    @property
    def ratio(self) -> float:
        """Of what is asked on average to the fewest that could do."""
        return mean(self.asked) / self.optimum


def counts(people: list[tuple[str, str]], *, supposing: bool) -> Counts:
    """The counts of some of the population."""
    those = [person(*who) for who in people]
    return Counts(
        [length(who, supposing=supposing) for who in those],
        Optimum(those, supposing=supposing).average(),
        [form(*who, supposing=supposing) for who in people],
    )


def main() -> None:
    """Print the table."""
    people = list(product(PREMIUM, INMAIL))
    print(f"{len(people)} members: {len(PREMIUM)} courses of Premium by {len(INMAIL)} of InMails\n")
    print("| | interview, on average | at most | optimum, on average | ratio | form | at most |")
    print("|---|---|---|---|---|---|---|")
    for supposing in (True, False):
        of = counts(people, supposing=supposing)
        cells = [f"{mean(of.asked):.2f}", max(of.asked), f"{of.optimum:.2f}", f"{of.ratio:.2f}"]
        cells += [f"{mean(of.forms):.2f}", max(of.forms)]
        named = "supposing what is alleged" if supposing else "supposing nothing"
        print(f"| {named} | {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
