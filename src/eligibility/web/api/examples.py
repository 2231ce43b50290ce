"""Examples for the description of the paths: a fictional account, and its interview as saved."""

import json
from typing import Any, Final

from eligibility.history import AccountHistory
from eligibility.interview.session import Interview
from eligibility.rules import class_definition

#: What somebody may know of an account; every example is fictional.
HISTORY_EXAMPLE: Final[dict[str, Any]] = {
    "account_id": "FICTIONAL-1",
    "premium": [
        {"id": "p1", "plan": "premium_career", "start": "2022-03", "end": "..", "source": "receipt"}
    ],
    "messages": [{"id": "m1", "inmail": True, "direction": "received", "sent_at": "2023-05-04"}],
    "complete": ["premium"],
}


def _next() -> dict[str, Any]:
    """The body that answers the first question of an interview about nothing known."""
    begun = Interview.start(AccountHistory(account_id="FICTIONAL-1"), class_definition())
    return {"interview": json.loads(begun.to_json()), "say": {"chosen": [0]}}


NEXT_EXAMPLE: Final = _next()
