"""From what the passes found, account by account, to the row of the result."""

from sqlglot import exp

from eligibility.batch.sql.builder import ACCOUNT, LEFT, PlanBuilder, pass_name
from eligibility.batch.sql.coverage import may_lack
from eligibility.batch.sql.expressions import (
    Sql,
    all_hold,
    any_holds,
    as_,
    call,
    choose,
    coalesce,
    column,
    equal,
    is_one_of,
    negated,
    number,
    table,
    text,
)
from eligibility.batch.sql.passes import far_column
from eligibility.batch.tables.schema import (
    ACCOUNT_ID,
    ACCOUNTS,
    DECIDED_BY,
    EXACT,
    STATUS,
    UNKNOWN,
    answer_column,
    clause_column,
    contract,
    survey_columns,
)
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.normal_form import Disjunct


def add_counts(plan: PlanBuilder) -> None:
    """How many clauses each account surely and possibly gets through, by each definition."""
    shown: list[Sql] = [column(ACCOUNT_ID, ACCOUNT)]
    shown.append(as_(coalesce(column("is_left", LEFT), number(0)), "is_left"))
    for at, definition in enumerate(plan.definitions):
        counts = [_through(plan, definition, surely=surely) for surely in (True, False)]
        shown.append(as_(counts[0], f"surely_{at}"))
        shown.append(as_(call("GREATEST", *counts), f"possibly_{at}"))
    query = exp.select(*shown).from_(table(ACCOUNTS, ACCOUNT))
    for name in plan.by_account:
        on = equal(ACCOUNT_ID, ACCOUNT, name)
        query = query.join(table(name), on=on, join_type="left")
    words = "For each account: how many clauses, in order, it surely meets, and how many possibly."
    plan.add("counted", query, words)


def _through(plan: PlanBuilder, definition: ClassDefinition, *, surely: bool) -> Sql:
    """How many clauses an account gets through: by itself, and by its furthest record."""
    prefix, every = pass_name(surely=surely), len(definition.steps)
    alone: list[tuple[Sql, Sql]] = []
    seen: set[Sql] = set()
    for at, form in enumerate(definition.normal_forms):
        asked = _account(plan, form.disjuncts[0], surely=surely)
        new = [each for each in asked if each not in seen]
        seen |= set(new)
        if new:
            alone.append((negated(all_hold(new)), number(at)))
    by_itself = choose(alone, number(every))
    test = plan.record_test(definition, surely=surely)
    if test is None:
        return by_itself
    far_of = f"{prefix}_far{plan.variant(definition).suffix}"
    far = coalesce(column(far_column(plan, definition), far_of), number(test.before))
    place = plan.definitions.index(definition)
    may_say_more = len(plan.definitions[plan.furthest[place]].steps) > every
    return call("LEAST", by_itself, far) if alone or may_say_more else far


def _account(plan: PlanBuilder, disjunct: Disjunct, *, surely: bool) -> list[Sql]:
    """What a disjunct asks of the account alone."""
    accounts = contract(plan.first.model)[ACCOUNTS]
    asked: list[Sql] = []
    for only in disjunct.answers:
        name = answer_column(only.path)
        codes = accounts.codes(name, only.values)
        asked.append(is_one_of(column(name, ACCOUNT), codes if surely else (*codes, UNKNOWN)))
    hidden = (leaf.spans for test in disjunct.moments.values() for leaf in test.uncovered)
    lacking = [name for name in dict.fromkeys(hidden) if surely and not plan.whole(name)]
    asked += [negated(may_lack(name, ACCOUNT)) for name in lacking]  # a span not listed could hide
    for ever in disjunct.evers:
        name = f"{pass_name(surely=surely)}_ever_{ever.spans}"
        found = coalesce(column(f"ever_{plan.evers.index(ever)}", name), number(0))
        had = exp.EQ(this=found, expression=number(1))
        lacks = [] if surely or plan.whole(ever.spans) else [may_lack(ever.spans, ACCOUNT)]
        asked.append(any_holds([had, *lacks]))
    return asked


def result(plan: PlanBuilder) -> exp.Select:
    """One row per account: of one definition all of it; of several the status by each."""
    query = exp.select(column(ACCOUNT_ID)).from_("counted")
    exact = any_holds([exp.EQ(this=column("is_left"), expression=number(0)), _nothing_open(plan)])
    if len(plan.definitions) > 1:
        names = survey_columns(plan.definitions)
        found = zip(plan.definitions, names, strict=True)
        statuses = [as_(_status(each, at), name) for at, (each, name) in enumerate(found)]
        return query.select(*statuses, as_(exact, EXACT))
    (definition,) = plan.definitions
    return query.select(
        as_(_status(definition, 0), STATUS),
        *(as_(_truth(at), clause_column(step.id)) for at, step in enumerate(definition.steps, 1)),
        as_(_deciding(definition), DECIDED_BY),
        as_(exact, EXACT),
    )


def _nothing_open(plan: PlanBuilder) -> Sql:
    """Whether the passes agree, so that `evaluate` could say no more of an account that is left.

    What they cannot tell of one, the surely pass leaves out and the possibly pass takes in.
    """
    counts = (
        (column(f"surely_{at}"), column(f"possibly_{at}")) for at in range(len(plan.definitions))
    )
    return all_hold(exp.EQ(this=surely, expression=possibly) for surely, possibly in counts)


def _through_all(definition: ClassDefinition, at: int) -> tuple[Sql, Sql]:
    """Whether an account surely, and possibly, gets through all clauses."""
    count = number(len(definition.steps))
    surely, possibly = (
        exp.EQ(this=column(f"{word}_{at}"), expression=count.copy())
        for word in ("surely", "possibly")
    )
    return surely, possibly


def _status(definition: ClassDefinition, at: int) -> Sql:
    words = (text("eligible"), text("indeterminate"))
    through = _through_all(definition, at)
    return choose(zip(through, words, strict=True), text("ineligible"))


def _truth(at: int) -> Sql:
    surely, possibly = (
        exp.GTE(this=column(word), expression=number(at)) for word in ("surely_0", "possibly_0")
    )
    return choose([(surely, text("true")), (possibly, text("unknown"))], text("false"))


def _deciding(definition: ClassDefinition) -> Sql:
    """The first clause that is not met, or not surely met; the last one if all are."""
    surely, possibly = _through_all(definition, 0)
    ids = [text(step.id) for step in definition.steps]
    first_open, first_out = (
        choose(
            [
                (exp.EQ(this=column(word), expression=number(at)), each)
                for at, each in enumerate(ids[:-1])
            ],
            ids[-1],
        )
        for word in ("surely_0", "possibly_0")
    )
    return choose([(surely, ids[-1]), (possibly, first_open)], first_out)
