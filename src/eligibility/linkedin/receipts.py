"""Receipts: from payments to spans of Premium of which only the instant of payment is certain.

A receipt states a time, a total and a description in free words, whose vocabulary nobody has
published. A product is recognised only by words that leave no doubt; where there is doubt, the plan
is unknown. When a subscription began and ended, no export says.
"""

import re
from collections import Counter
from typing import Any, Final

from attrs import define, field, frozen

from eligibility.linkedin.table import Row, Signature, Table
from eligibility.linkedin.times import Bounds, read_time, written

SIGNATURE: Final[Signature] = (frozenset({"transactionmadeat", "description"}),)
TIME: Final = "transactionmadeat"

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
class Receipts:
    """The spans of one file, or of several in turn, with what the report needs to say of them."""

    records: list[dict[str, Any]] = field(factory=list)
    passed_over: Counter[str] = field(factory=Counter)
    without_zone: list[int] = field(factory=list)
    without_plan: list[int] = field(factory=list)

    def append(self, other: "Receipts") -> None:
        """Take in the spans of one more file, behind those that are there."""
        start = len(self.records)
        self.records += other.records
        self.passed_over += other.passed_over
        self.without_zone += [start + index for index in other.without_zone]
        self.without_plan += [start + index for index in other.without_plan]


@define
class Seen:
    """The receipts taken so far. Two files may hold the same ones."""

    _files: dict[str, dict[str, set[str | None]]] = field(factory=dict)
    _rows: set[tuple[str, ...]] = field(factory=set)

    def repeats(self, row: Row, where: str, plan: str | None, at: Bounds) -> bool:
        """Whether the row says nothing that an earlier one did not say; if so, it is remembered.

        In another file the same invoice is the same payment. In the same file it may be the next
        line of one invoice, so there all must be the same.
        """
        invoice = row["invoicenumber"].strip().casefold()
        text = (row["totalamount"], row["currencycode"], row["description"], str(at), invoice)
        key = tuple(part.strip().casefold() for part in text)
        again = key in self._rows
        if invoice:
            others = [p for f, p in self._files.get(invoice, {}).items() if f != where]
            plans = frozenset[str | None]().union(*others)
            again = again or (bool(others) and (plan is None or plan in plans))
        if not again:
            self._rows.add(key)
            if invoice:
                self._files.setdefault(invoice, {}).setdefault(where, set()).add(plan)
        return again


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


def read_receipts(table: Table, where: str, seen: Seen) -> Receipts:
    """The spans that the payments of one file show."""
    found = Receipts()
    for row in table:
        at = read_time(row[TIME])
        bought = product(row["description"])
        reason = _passed_over(row, at, bought)
        plan = bought.plan if _paid(row["totalamount"]) else None
        if at is None or reason:
            found.passed_over[reason or "time-unclear"] += 1
        elif seen.repeats(row, where, plan, at):
            found.passed_over["duplicate"] += 1
        else:
            _take(found, at, plan, f"receipt row {row.number} of {where}")
    return found


def _passed_over(row: Row, at: Bounds | None, bought: Product) -> str | None:
    if row.surplus or not row.has(TIME, "description", "totalamount"):
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
