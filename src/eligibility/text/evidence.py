"""What a reason rests on, in words: the records and answers that its facts stand in.

Evidence comes in, which is paths such as `messages[0].sent_at`; a line goes out that whoever gave
the facts can follow.
"""

from collections.abc import Iterable
from typing import Final

from eligibility.facts.model import History
from eligibility.facts.paths import parse
from eligibility.facts.wording import phrases_of, spoken_of, title_of
from eligibility.verdict.reasons import Evidence

#: How many records are named before the rest is counted.
MOST_RECORDS: Final = 6


def rests_on(evidence: Iterable[Evidence], model: type[History], otherwise: str) -> str:
    """The records with their sources, and which facts of them; `otherwise` for one without.

    >>> from eligibility.history import AccountHistory
    >>> facts = [Evidence("messages[0].inmail", "m1"), Evidence("messages[0].sent_at", "m1")]
    >>> rests_on(facts, AccountHistory, "as you said")
    'message m1 (as you said): whether it was an InMail, when it was sent'
    >>> rests_on([Evidence("complete.premium")], AccountHistory, "as you said")
    'what was said of all Premium subscriptions'
    """
    records: dict[str, list[str]] = {}
    for each in evidence:
        said = records.setdefault(_record(each, model, otherwise), [])
        if words := _fact(each, model):
            said.append(words)
    named = [f"{name}: {', '.join(facts)}" if facts else name for name, facts in records.items()]
    more = len(named) - MOST_RECORDS
    return "; ".join([*named[:MOST_RECORDS], *([f"and {more:,} more"] if more > 0 else [])])


def _record(each: Evidence, model: type[History], otherwise: str) -> str:
    """The record that a fact stands in, by the name that a person gave it, and its source."""
    at = parse(each.path)
    if at.is_complete:
        return f"what was said of all {spoken_of(at.field, model).nouns}"
    if at.index is None:
        return f"the answer to “{title_of(each.path, model)}”"
    name = f"{spoken_of(at.name, model).noun} {each.id or at.index + 1}"
    return f"{name} ({each.source or otherwise})"


def _fact(each: Evidence, model: type[History]) -> str:
    """Which fact of its record, after 'to know'; nothing for what is no fact of a record."""
    at = parse(each.path)
    if at.index is None:
        return ""
    words = phrases_of(at.pattern, model).unknown
    return words.format(it="it", defendant=model.knowers["defendant"])
