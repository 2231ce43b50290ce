"""Accounts that the statement leaves to the reference: what two passes of SQL cannot say of them.

Those whose records together may need joint coverage; those that state that a list is complete under
conditions; and those of which a supposition leaves more than SQL says (`supposing`). Of them
the statement takes as possible all that is, and perhaps more. So where both passes come to the
same, the account is decided, and nobody is asked (`counts`).
"""

from collections.abc import Sequence

from sqlglot import exp

from eligibility.batch.sql.builder import LEFT, PlanBuilder
from eligibility.batch.sql.expressions import as_, column, equal, number, table, text
from eligibility.batch.sql.propagate import RECORD
from eligibility.batch.tables.schema import ACCOUNT_ID, ACCOUNTS, STATEMENTS


def add_left(plan: PlanBuilder) -> None:
    """Add the step of the accounts that are left to the reference."""
    stated = exp.NEQ(this=column(STATEMENTS), expression=text(""))
    found = [*_joint(plan), *_supposed(plan), _left(ACCOUNTS).where(stated)]
    words = "Accounts that are decided here only if both passes agree. Their records together"
    words += " could need every instant of some period, what they state to be complete has"
    words += " conditions, or what is supposed of them is more than is said here."
    plan.add_by_account(LEFT, _all_of(found, distinct=True), words, surely=True)


def _left(source: str) -> exp.Select:
    return exp.select(column(ACCOUNT_ID), as_(number(1), "is_left")).from_(source)


def _supposed(plan: PlanBuilder) -> list[exp.Select]:
    """The accounts of which a supposition leaves more than SQL says."""
    found: list[exp.Select] = []
    spans = {name for definition in plan.definitions for name in definition.filters}
    for variant in plan.variants:
        name = variant.supposing.list if variant.supposing else None
        if name in spans:
            return [_left(ACCOUNTS)]
        if name != plan.record_list:
            continue
        disjuncts = (f.disjuncts[0] for d in variant.definitions for f in d.normal_forms)
        read = frozenset(m for d in disjuncts if not d.assumes_existence for m in d.moments)
        gaps = variant.supposed.gaps(read) if variant.supposed else _left(ACCOUNTS)
        found += [gaps] if gaps else []
    return found


def _joint(plan: PlanBuilder) -> list[exp.Select]:
    """The accounts for which two passes may not be enough; see `joint_coverage`.

    A span that surely covers one of several instants, and none of them for certain, can be cut down
    to one that no record needs, if it has more instants than the records together could ask for.
    """
    lists = dict.fromkeys(slot.spans for slot in plan.slots if not slot.is_gap)
    if not lists:
        return []
    crossing = _all_of([plan.spans(name).crossing() for name in lists], distinct=False)
    plan.add(
        "crossing",
        crossing,
        "Periods that surely cover some instant, though it is not known which.",
    )
    counted = exp.cast(exp.Count(this=exp.Star()), "BIGINT")
    conditions = number(sum(not slot.is_gap for slot in plan.slots))
    narrow = exp.select(
        column(ACCOUNT_ID), as_(exp.Min(this=column("width")), "width"), as_(counted, "spans")
    )
    words = "For each account: how many such periods it has, and how few instants the shortest has."
    plan.add("crossed", narrow.from_("crossing").group_by(column(ACCOUNT_ID)), words)
    records = exp.Mul(this=counted.copy(), expression=exp.Min(this=column("spans", "c")))
    together = exp.select(
        column(ACCOUNT_ID, "c"),
        as_(exp.Min(this=column("width", "c")), "width"),
        as_(exp.Mul(this=records, expression=conditions), "needed"),
    )
    found: list[exp.Select] = []
    for variant in plan.variants:
        if f"surely_far{variant.suffix}" in plan.by_account:
            joined = together.from_(table(f"surely_records{variant.suffix}", RECORD)).join(
                table("crossed", "c"), on=equal(ACCOUNT_ID, RECORD, "c")
            )
            name = f"needed{variant.suffix}"
            words = "For each such account: how many instants its records may need, at the most."
            plan.add(name, joined.group_by(column(ACCOUNT_ID, "c")), words)
            few = exp.LTE(this=column("width"), expression=column("needed"))
            found.append(_left(name).where(few))
    return found


def _all_of(queries: Sequence[exp.Query], *, distinct: bool) -> exp.Query:
    whole, *others = queries
    for query in others:
        whole = exp.union(whole, query, distinct=distinct)
    return whole
