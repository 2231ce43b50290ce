"""The model of a history as pydantic alone would have it: with plain texts in place of moments."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from eligibility.history import Plan


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str | None = None
    source: str | None = None


class PlainSpan(_Plain):
    """A span with plain texts in place of moments."""

    start: str | None = None
    end: str | None = None


class PlainSubscription(PlainSpan):
    """Likewise."""

    plan: Plan | None = None


class PlainMessage(_Plain):
    """Likewise."""

    inmail: bool | None = None
    direction: Literal["sent", "received"] | None = None
    sent_at: str | None = None
    shared: bool | None = None
    shared_at: str | None = None


class PlainHistory(BaseModel):
    """The model of a history, as pydantic alone would have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal["1"] = "1"
    account_id: str
    time_zone: str = "America/Los_Angeles"
    complete: tuple[str, ...] = ()
    premium: tuple[PlainSubscription, ...] = ()
    messages: tuple[PlainMessage, ...] = ()
    permissions: tuple[PlainSpan, ...] = ()
    exclusions: dict[str, bool | None] = {}
