"""Receipts: from payments to spans of Premium of which only the instant of payment is certain.

A receipt states a time, amounts and a description in free words. Where it is certain that a
Premium product was paid for, the member had it at the instant of payment; when the subscription
began and ended, no export says. Where that is not certain, nothing is: it may be a payment that
failed, a gift to somebody else, a plan that starts next year. Such a receipt stands in the history
as a span of which nothing is known, so that it claims no Premium, and is not lost either.
"""

import re
from collections import Counter
from hashlib import sha256
from typing import Any, Final

from attrs import define, field

from eligibility.linkedin.products import Product, is_paid, is_refunded, product
from eligibility.linkedin.table import Layout, Row, Table
from eligibility.linkedin.times import Bounds, read_time, written

LAYOUT: Final = Layout(
    (frozenset({"transactionmadeat", "description"}),),
    used=frozenset({"invoicenumber", "totalamount", "subtotal", "taxamount", "currencycode"}),
    times=("transactionmadeat",),
)
#: All columns that a receipt is known to have. Whoever paid, where and by what means, it was paid.
_COLUMNS: Final = (
    frozenset().union(*LAYOUT.known_by, LAYOUT.used)
    | {"firstname", "lastname", "billingcountry", "postalcode", "paymentmethodtype"}
)  # fmt: skip
_CURRENCY: Final = re.compile("[A-Z]{3}|", re.IGNORECASE | re.ASCII)


@define
class Seen:
    """The receipts of the files read so far. Two files may hold the same ones."""

    invoices: dict[bytes, set[tuple[str, ...]]] = field(factory=dict)
    """What the lines of an invoice name, by its digest: a number can be a megabyte."""
    rows: set[bytes] = field(factory=set)

    def has_invoice(self, row: Row, plans: tuple[str, ...]) -> bool:
        """Whether the invoice is known, and the row names no product that it has not named."""
        known = self.invoices.get(_digest(row["invoicenumber"]), set())
        return bool(known) and (not plans or any(set(each) <= set(plans) for each in known if each))

    def has_row(self, row: Row, at: Bounds) -> bool:
        """Whether a row that says the very same is known."""
        return _key(row, at) in self.rows

    def add(self, row: Row, plans: tuple[str, ...], at: Bounds) -> None:
        """Remember a row."""
        self.rows.add(_key(row, at))
        if row["invoicenumber"].strip():
            self.invoices.setdefault(_digest(row["invoicenumber"]), set()).add(plans)

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
    unclear: list[int] = field(factory=list)
    seen: Seen = field(factory=Seen)

    def append(self, other: "Receipts") -> None:
        """Take in the spans of one more file, behind those that are there."""
        start = len(self.records)
        self.records += other.records
        self.passed_over += other.passed_over
        self.without_zone += [start + index for index in other.without_zone]
        self.without_plan += [start + index for index in other.without_plan]
        self.unclear += [start + index for index in other.unclear]
        self.seen.update(other.seen)


def _key(row: Row, at: Bounds) -> bytes:
    columns = ("invoicenumber", "totalamount", "currencycode", "description")
    return _digest(str(at), *(row[column] for column in columns))


def _digest(*texts: str) -> bytes:
    whole = sha256()
    for text in texts:
        whole.update(sha256(text.strip().casefold().encode("utf-8", "surrogatepass")).digest())
    return whole.digest()


def read_receipts(table: Table, before: Seen) -> Receipts:
    """The spans that the payments of one file show.

    Args:
        table: its rows.
        before: the receipts of earlier files. In two files one invoice is one payment; in one
            file it may be the next line of the same invoice, so there the whole row must repeat.
    """
    found = Receipts()
    for row in table:
        at = read_time(row["transactionmadeat"])
        bought = product(row["description"])
        reason = _passed_over(row, at, bought)
        certain = bool(bought.plans) and _paid(row)
        plans = bought.plans if certain else ()
        if at is None or reason:
            found.passed_over[reason or "time-unclear"] += 1
        elif (
            before.has_invoice(row, plans) or before.has_row(row, at) or found.seen.has_row(row, at)
        ):
            found.passed_over["duplicate"] += 1
        else:
            table.meter.count("receipts", table.where)
            found.seen.add(row, plans, at)
            source = f"receipt row {row.number} of {table.where}"
            _take(found, at if certain else None, plans, source)
    return found


def _passed_over(row: Row, at: Bounds | None, bought: Product) -> str | None:
    if row.surplus or not row.has("transactionmadeat", "description", "totalamount"):
        return "malformed"
    if bought.reason:
        return bought.reason
    if is_refunded(row["totalamount"]):
        return "refund"
    return None if at else "time-unclear"


def _paid(row: Row) -> bool:
    """Whether something was paid for certain: a total of nothing may be a trial.

    What stands in a column that is not known may say that it failed, or how many seats it was for.
    """
    parts = (row["subtotal"], row["taxamount"])
    return (
        is_paid(row["totalamount"], *(part for part in parts if part.strip()))
        and _CURRENCY.fullmatch(row["currencycode"].strip()) is not None
        and not row.says_more_than(_COLUMNS)
    )


def _take(found: Receipts, at: Bounds | None, plans: tuple[str, ...], source: str) -> None:
    """One span. The subscription began no later than the payment and ended no earlier.

    The payment lies somewhere within the bounds of what is written, be that a second or a day. So
    the span began before the last of these instants and ended after the first. Without a time that
    is certain to be that of a payment for Premium, nothing is known.
    """
    index = len(found.records)
    if len(plans) != 1:
        found.without_plan.append(index)
    if at is None:
        found.unclear.append(index)
    elif not at.zoned:
        found.without_zone.append(index)
    found.records.append(
        {
            "plan": plans or None,
            "start": f"../{written(at.latest)}" if at else None,
            "end": f"{written(at.earliest)}/.." if at else None,
            "source": source,
        }
    )
