"""Receipts: from payments to spans of Premium of which only the instant of payment is certain.

A receipt states a time, a total and a description in free words, whose vocabulary nobody has
published. A product is recognised only by words that leave no doubt; where there is doubt, the plan
is unknown. When a subscription began and ended, no export says.
"""

import re
from collections import Counter
from typing import Any, Final

from attrs import define, field, frozen

from eligibility.linkedin.table import Row, Shape, Table
from eligibility.linkedin.times import Bounds, read_time, written

SHAPE: Final = Shape(
    (frozenset({"transactionmadeat", "description"}),),
    used=frozenset({"invoicenumber", "totalamount", "currencycode"}),
    times=("transactionmadeat",),
)

#: Longer names first: each is taken out of the description before the next is looked for.
_PLANS: Final = (
    ("sales navigator advanced plus", "sales_navigator_advanced_plus"),
    ("sales navigator advanced", "sales_navigator_advanced"),
    ("sales navigator core", "sales_navigator_core"),
    ("recruiter professional", "recruiter_professional"),
    ("recruiter corporate", "recruiter_corporate"),
    ("recruiter lite", "recruiter_lite"),
    ("premium business plus", "business_plus"),
    ("premium business", "premium_business"),
    ("premium career", "premium_career"),
    ("business plus", "business_plus"),
    ("job seeker", "job_seeker"),
)
_NO_PREMIUM: Final = re.compile(
    r"\b(?:premium company page|company page|hiring pro|learning|ads?|advertising|sponsored"
    r"|campaign manager|promoted jobs?|job (?:post|posts|posting|postings|slot|slots))\b"
)
_MAY_BE_PREMIUM: Final = re.compile(r"\b(?:premium|sales navigator|recruiter)\b")
#: Paid for, perhaps, by or for somebody else, or not paid for at all: no product is certain then.
_HEDGE: Final = re.compile(r"\b(?:gift|gifted|trial|inmail credits?)\b")
_REFUND: Final = re.compile(
    r"\b(?:refund|refunds|refunded|chargeback|reversal|reversed|credit (?:note|memo))\b"
)


@frozen
class Product:
    """What a description says was paid for. `reason` is why it makes no span."""

    plan: str | None = None
    reason: str | None = None


@define
class Seen:
    """The receipts of the files read so far. Two files may hold the same ones."""

    invoices: dict[str, set[str | None]] = field(factory=dict)
    """The plans that the lines of an invoice name."""
    rows: set[tuple[str, ...]] = field(factory=set)

    def has_invoice(self, row: Row, plan: str | None) -> bool:
        """Whether the invoice is known, and the row names no plan that it has not named."""
        plans = self.invoices.get(_folded(row["invoicenumber"]), set())
        return bool(plans) and (plan is None or plan in plans)

    def has_row(self, row: Row, at: Bounds) -> bool:
        """Whether a row that says the very same is known."""
        return _key(row, at) in self.rows

    def add(self, row: Row, plan: str | None, at: Bounds) -> None:
        """Remember a row."""
        self.rows.add(_key(row, at))
        if invoice := _folded(row["invoicenumber"]):
            self.invoices.setdefault(invoice, set()).add(plan)

    def update(self, other: "Seen") -> None:
        """Remember what another knows."""
        self.rows |= other.rows
        for invoice, plans in other.invoices.items():
            self.invoices.setdefault(invoice, set()).update(plans)


@define
class Receipts:
    """The spans of one file, or of several in turn, with what the report needs to say of them."""

    records: list[dict[str, Any]] = field(factory=list)
    passed_over: Counter[str] = field(factory=Counter)
    without_zone: list[int] = field(factory=list)
    without_plan: list[int] = field(factory=list)
    seen: Seen = field(factory=Seen)

    def append(self, other: "Receipts") -> None:
        """Take in the spans of one more file, behind those that are there."""
        start = len(self.records)
        self.records += other.records
        self.passed_over += other.passed_over
        self.without_zone += [start + index for index in other.without_zone]
        self.without_plan += [start + index for index in other.without_plan]
        self.seen.update(other.seen)


def product(description: str) -> Product:
    """What was paid for, if the words leave no doubt; a plan of None is 'it may be Premium'.

    >>> product("LinkedIn Sales Navigator Core, annual").plan
    'sales_navigator_core'
    >>> product("Premium"), product("LinkedIn Learning").reason
    (Product(plan=None, reason=None), 'other-product')
    """
    words = " ".join(re.findall(r"[^\W_]+", description.casefold()))
    if _REFUND.search(words):
        return Product(reason="refund")
    plans = []
    rest = words
    for name, plan in _PLANS:
        shorter = re.sub(rf"\b{name}\b", "|", rest)
        if shorter != rest:
            plans.append(plan)
            rest = shorter
    other = _NO_PREMIUM.search(rest)
    if other and not plans and not _MAY_BE_PREMIUM.search(_NO_PREMIUM.sub("|", rest)):
        return Product(reason="other-product")
    certain = len(plans) == 1 and not other and not _HEDGE.search(rest)
    return Product(plans[0] if certain else None)


def _key(row: Row, at: Bounds) -> tuple[str, ...]:
    columns = ("invoicenumber", "totalamount", "currencycode", "description")
    return (str(at), *(_folded(row[column]) for column in columns))


def _folded(text: str) -> str:
    return text.strip().casefold()


def read_receipts(table: Table, where: str, before: Seen) -> Receipts:
    """The spans that the payments of one file show.

    Args:
        table: its rows.
        where: what sources call it.
        before: the receipts of earlier files. In two files one invoice is one payment; in one
            file it may be the next line of the same invoice, so there the whole row must repeat.
    """
    found = Receipts()
    for row in table:
        at = read_time(row["transactionmadeat"])
        bought = product(row["description"])
        reason = _passed_over(row, at, bought)
        plan = bought.plan if _paid(row["totalamount"]) else None
        if at is None or reason:
            found.passed_over[reason or "time-unclear"] += 1
        elif (
            before.has_invoice(row, plan) or before.has_row(row, at) or found.seen.has_row(row, at)
        ):
            found.passed_over["duplicate"] += 1
        else:
            found.seen.add(row, plan, at)
            _take(found, at, plan, f"receipt row {row.number} of {where}")
    return found


def _passed_over(row: Row, at: Bounds | None, bought: Product) -> str | None:
    if row.surplus or not row.has("transactionmadeat", "description", "totalamount"):
        return "malformed"
    if bought.reason:
        return bought.reason
    if _sign(row["totalamount"]) == "-":
        return "refund"
    return None if at else "time-unclear"


def _sign(total: str) -> str:
    """`-`, `0` or `+`; empty if the total has no digits. Commas and points do not matter to it."""
    text = total.strip().replace("\N{MINUS SIGN}", "-")
    if not re.search(r"\d", text):
        return ""
    if not re.search(r"[1-9]", text):
        return "0"
    return "-" if "-" in text or re.fullmatch(r"\(.*\)", text) else "+"


def _paid(total: str) -> bool:
    """Whether something was paid for certain: a total of nothing may be a trial."""
    return _sign(total) == "+"


def _take(found: Receipts, at: Bounds, plan: str | None, source: str) -> None:
    """One span. The subscription began no later than the payment and ended no earlier.

    A time with zone and seconds is the instant of payment. Any other is one of many instants, and
    then only this is certain: it began before the last of them, and ended after the first.
    """
    exact = at.zoned and at.unit == "second"
    index = len(found.records)
    if not at.zoned:
        found.without_zone.append(index)
    if plan is None:
        found.without_plan.append(index)
    found.records.append(
        {
            "plan": plan,
            "start": f"../{written(at.earliest if exact else at.latest)}",
            "end": f"{written(at.earliest)}/..",
            "source": source,
        }
    )
