"""Who gets what wrong when facts are missing: the missing-facts cases put to other engines.

Only the cases of the default reading, for which each engine is given a rule. Where nothing is
missing all of them must be right; that is made sure of first. They want every moment as one number
and cannot know that a list may lack something; so there are two tables. The first is of the cases
that they can be told in full: every list complete, every moment exact or not told at all. The
second is of all cases, a partial moment given in three ways: by its earliest bound, by its latest,
or not at all. An answer that is true is taken for eligible, false for ineligible, null for
indeterminate.

    python benchmarks/missing_facts.py
"""

import platform
from importlib.metadata import version

from torture_peers import ENGINES

from eligibility import AccountHistory, evaluate
from eligibility.audit.worlds import is_world
from eligibility.rules import EXCLUDED, PREMIUM_PLANS, UPDATE_DAY_BEGINS, Reading, class_definition
from eligibility.testing.missing_facts import Kind, cases, run
from eligibility.values.timeline import EARLIEST, LATEST

PACKAGES = ("zen-engine", "rule-engine", "json-logic-qubit", "openfisca-core")
TIMES = {
    "messages": ("sent_at", "shared_at"),
    "premium": ("start", "end"),
    "permissions": ("start", "end"),
}
VALUES = {"messages": ("inmail", "direction", "shared"), "premium": ("plan",), "permissions": ()}
PICKS = ("earliest", "latest", "not told")


# ---- a history as other engines want it --------------------------------------------------------


def picked(moment, pick):
    """A moment as one number. Where a bound is open, the other one stands for it."""
    if moment is None or moment.is_exact:
        return moment and moment.earliest
    if pick == "not told":
        return None
    ends = (moment.earliest, moment.latest)
    first, other = ends if pick == "earliest" else ends[::-1]
    return other if first in (EARLIEST, LATEST) else first


def laid_out(history, pick, *, as_none):
    """Plain lists of plain records; what is not known has no key, or is None."""
    found = {}
    for name, times in TIMES.items():
        records = []
        for record in getattr(history, name):
            told = {key: getattr(record, key) for key in VALUES[name]}
            told |= {key: picked(getattr(record, key), pick) for key in times}
            records.append({k: v for k, v in told.items() if as_none or v is not None})
        found[name] = records
    return found


def put_to(rule, pick, *, as_none):
    """A function for `check` that asks an engine."""

    def decide(history, _):
        answer = rule(laid_out(AccountHistory.model_validate(history), pick, as_none=as_none))
        return "indeterminate" if answer is None else "eligible" if answer else "ineligible"

    return decide


# ---- in Python, with care ----------------------------------------------------------------------


def all_of(truths):
    """Kleene's `and`; None is unknown."""
    truths = list(truths)
    return False if False in truths else None if None in truths else True


def any_of(truths, *, complete):
    """Kleene's `or`; a list that may lack a record ends in an unknown."""
    truths = [*truths, *([] if complete else [None])]
    return True if True in truths else None if None in truths else False


def not_later(one, other):
    """Whether one moment is not later than another, from bounds."""
    return True if one[1] <= other[0] else False if one[0] > other[1] else None


def careful_python(history, _):
    """What a careful programmer writes: three values, bounds, and lists that may lack something."""
    known = AccountHistory.model_validate(history)

    def bounds(moment):
        return (EARLIEST, LATEST) if moment is None else (moment.earliest, moment.latest)

    def during(at, span):
        return all_of([not_later(bounds(span.start), at), not_later(at, bounds(span.end))])

    def some(name, at, counts=lambda _: True):
        spans = getattr(known, name)
        met = (all_of([counts(span), during(at, span)]) for span in spans)
        return any_of(met, complete=name in known.complete)

    def premium(span):
        return None if span.plan is None else span.plan in PREMIUM_PLANS

    def fits(message):
        at = bounds(message.shared_at)
        permitted = some("permissions", at)
        return all_of(
            [
                message.inmail,
                message.shared,
                not_later(at, (UPDATE_DAY_BEGINS - 1, UPDATE_DAY_BEGINS - 1)),
                some("premium", at, premium),
                None if permitted is None else not permitted,
            ]
        )

    answer = any_of(map(fits, known.messages), complete="messages" in known.complete)
    return {True: "eligible", False: "ineligible", None: "indeterminate"}[answer]


def ours(history, reading):
    definition = class_definition(Reading.of(**reading))
    return evaluate(AccountHistory.model_validate(history), definition).status.value


# ---- tables ------------------------------------------------------------------------------------


def can_be_told(case):
    """Whether every list is complete and every moment exact, or not told at all."""
    history = AccountHistory.model_validate(case.history)
    moments = (
        getattr(record, key)
        for name, keys in TIMES.items()
        for record in getattr(history, name)
        for key in keys
    )
    complete = set(history.complete) == set(TIMES)
    return complete and all(moment is None or moment.is_exact for moment in moments)


def is_known(case):
    """Whether nothing is missing but the exclusions, which the default reading does not ask for."""
    none = dict.fromkeys(EXCLUDED, False)
    return is_world(AccountHistory.model_validate({**case.history, "exclusions": none}))


def table(asked, picks):
    """One line for each engine; with more than one way to give partial moments, as many figures."""
    counts = {status: sum(c.status == status for c in asked) for status in STATUSES}
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    print(f"\n{len(asked)} cases: {told}\n")
    print("| engine | a missing fact | right | wrong | undecided needlessly | raised |")
    print("|---|---|---|---|---|---|")
    for engine, how, as_none, rule in ENGINES:
        reports = [run(put_to(rule, pick, as_none=as_none), asked) for pick in picks]
        row(engine, how, reports)
    row("careful Python, three values", "`None`", [run(careful_python, asked)])
    row("eligibility", "no key", [run(ours, asked)])


def row(engine, how, reports):
    right = [report.cases - len(report.departures) for report in reports]
    others = ([report.count(kind) for report in reports] for kind in Kind)
    cells = [" / ".join(map(str, figures)) for figures in (right, *others)]
    print(f"| {engine} | {how} | " + " | ".join(cells) + " |")


STATUSES = ("eligible", "ineligible", "indeterminate")


def main():
    default = Reading().words()
    asked = [case for case in cases() if case.reading == default]
    print(f"Python {platform.python_version()}", end="")
    print("".join(f", {package} {version(package)}" for package in PACKAGES))
    known = [case for case in asked if is_known(case)]
    for engine, how, as_none, rule in ENGINES:
        assert not run(put_to(rule, "not told", as_none=as_none), known).departures, (engine, how)
    print(f"\nNothing is missing in {len(known)} cases: every engine is right in each of them.")
    table([case for case in asked if can_be_told(case)], PICKS[:1])
    print(f"\nPartial moments: {' / '.join(PICKS)}", end="")
    table(asked, PICKS)


if __name__ == "__main__":
    main()
