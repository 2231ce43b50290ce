"""Fictional histories of any length, as JSON, and the same with plain numbers for other engines."""

import json
from datetime import UTC, datetime, timedelta

from eligibility.rules import UPDATE_DAY_BEGINS
from eligibility.values.timeline import instant

KINDS = ("eligible", "ineligible", "indeterminate")
_START = datetime(2021, 1, 1, 9, 30, tzinfo=UTC)
_UPDATE = datetime(2024, 9, 18, 7, tzinfo=UTC)


def stated(kind, messages, seed=0):
    """A history as JSON text: two subscriptions, and messages each at another time.

    Of an eligible one, the last message alone was shared in time; of an ineligible one, every
    message was shared too late; of an indeterminate one, nobody knows which were shared.
    """
    step = timedelta(days=1200) / messages
    records = []
    for at in range(messages):
        sent = _START + at * step + timedelta(seconds=seed)
        record = {
            "id": f"m{at}",
            "inmail": True,
            "direction": ("sent", "received")[at % 2],
            "sent_at": sent.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if kind == "eligible" and at == messages - 1:
            shared = sent + timedelta(days=3)
            record |= {"shared": True, "shared_at": shared.strftime("%Y-%m-%dT%H:%M:%SZ")}
        elif kind != "indeterminate":
            late = _UPDATE + timedelta(days=1 + at % 40, seconds=seed)
            record |= {"shared": True, "shared_at": late.strftime("%Y-%m-%dT%H:%M:%SZ")}
        records.append(record)
    return json.dumps(
        {
            "account_id": f"FICTIONAL-{seed}",
            "premium": [
                {"id": "p1", "plan": "learning", "start": "2020-03-01", "end": "2020-09-30"},
                {"id": "p2", "plan": "premium_career", "start": "2020-11-02", "end": ".."},
            ],
            "messages": records,
            "complete": ["premium", "messages", "permissions"],
        }
    )


def plain(text):
    """A fully known history with instants as numbers: what a two-valued engine is given."""
    data = json.loads(text)

    def number(word):
        if word == "..":
            return 10**16
        when = datetime.fromisoformat(word)
        return instant(when if when.tzinfo else when.replace(tzinfo=UTC))

    for span in data["premium"]:
        span |= {"start": number(span["start"]), "end": number(span["end"])}
    for message in data["messages"]:
        message["shared_at"] = number(message["shared_at"])
    return data | {"permissions": [], "update": UPDATE_DAY_BEGINS}
