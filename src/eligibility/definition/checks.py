"""What can be wrong with a class definition, said all at once when it is built.

Clauses, exclusions and the shape of a history model come in; problems go out, each with the place
of the clause, the user's own path and a way out.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from math import prod
from typing import Final, assert_never

from eligibility.definition.conditions import (
    Clause,
    Covered,
    Ever,
    Is,
    Leaf,
    SpanLeaf,
    Uncovered,
    Within,
    disjunct_count,
    leaves,
    paths,
)
from eligibility.definition.normal_form import NormalForm, is_of_nobody, record_lists
from eligibility.errors import Problem
from eligibility.facts.kinds import MOMENTS, SPANS, VALUES, misread
from eligibility.facts.model import History
from eligibility.facts.paths import parse
from eligibility.facts.shape import Shape, shape
from eligibility.facts.templates import word_problems

#: How many ways there may be to meet a definition; evaluation tries each of them.
MOST_DISJUNCTS: Final = 10_000
#: Problems with which a definition is not brought into its normal form.
UNREADABLE: Final = frozenset({"definition-path", "definition-value", "definition-too-large"})


def problems(
    clauses: tuple[Clause, ...], exclusions: tuple[Clause, ...], model: type[History]
) -> Iterator[Problem]:
    """All that is wrong but for what no history can meet, which takes conditions that are read."""
    if not clauses:
        hint = "Add a `Clause(id, text, citation, condition)`."
        words = "A definition needs at least one clause."
        yield Problem("definition-empty", "clauses", words, hint)
    for name, count in Counter(step.id for step in (*clauses, *exclusions)).items():
        if count > 1:
            yield Problem(
                "definition-duplicate",
                "clauses",
                f"{count} clauses or exclusions have the id `{name}`.",
                "Give each an id of its own.",
            )
    disjuncts = prod(disjunct_count(step.condition) for step in clauses)
    disjuncts *= prod(disjunct_count(step.condition, negated=True) for step in exclusions)
    if disjuncts > MOST_DISJUNCTS:
        words = f"The definition can be met in more than {MOST_DISJUNCTS:,} ways."
        hint = "Each `any_of` multiplies them. Of one path, `Is` takes several values at once."
        yield Problem("definition-too-large", "clauses", words, hint)
    seen = shape(model)
    yield from word_problems(model)
    lists = [name for step in clauses for name in record_lists(step.condition)]
    each = next((name for name in lists if name in seen.lists), None)
    for at, step in enumerate((*clauses, *exclusions)):
        where = place_of(at, len(clauses))
        for key in ("id", "text"):
            if not getattr(step, key).strip():
                hint = "The id names the clause in a verdict, and the text is its words."
                yield Problem("too-short", where, f"The `{key}` of a clause is empty.", hint)
        if not step.citation.source:
            hint = "Say where the words come from."
            yield Problem("definition-uncited", where, f"`{step.id}` names no source.", hint)
        yield from _path_problems(step, where, model)
        if at < len(clauses):
            yield from _other_lists(step, where, each, seen)
        else:
            yield from _of_records(step, where, seen)


def impossible(
    steps: tuple[Clause, ...],
    form_of: Callable[[tuple[Clause, ...]], NormalForm],
    exclusions: tuple[Clause, ...],
    model: type[History],
) -> Iterator[Problem]:
    """The exclusions of nobody, and the first step that no history meets with those before."""
    clauses = len(steps) - len(exclusions)
    for at, exclusion in enumerate(exclusions):
        if is_of_nobody(exclusion.condition, model):
            words = f"The exclusion `{exclusion.id}` is true of no account: it excludes nobody."
            hint = "Say who is excluded, as `Is(path, True)` does."
            yield Problem("definition-impossible", f"exclusions[{at}]", words, hint)
    if form_of(steps).disjuncts:  # what can be met together with more can be met with less
        return
    at = 0
    while form_of(steps[: at + 1]).disjuncts:
        at += 1
    words = (
        f"No history meets `{steps[at].id}` together with the clauses before it."
        if at < clauses
        else f"Whoever meets the clauses is excluded by `{steps[at].id}` or one before it."
    )
    hint = "Look for a value, a time or a list that two conditions ask for differently."
    yield Problem("definition-impossible", place_of(at, clauses), words, hint)


def place_of(at: int, clauses: int) -> str:
    """The place of a step in a definition that has so many clauses."""
    return f"clauses[{at}]" if at < clauses else f"exclusions[{at - clauses}]"


def _path_problems(step: Clause, where: str, model: type[History]) -> Iterator[Problem]:
    for leaf in leaves(step.condition):
        by = type(leaf).__name__
        if isinstance(leaf, Is):
            yield from _value_problems(leaf, where, model)
        elif not isinstance(leaf, Ever):
            yield from _wrong_path(where, misread(leaf.moment, by, MOMENTS, model))
        if isinstance(leaf, SpanLeaf):
            wrong = misread(leaf.spans, by, SPANS, model)
            yield from _wrong_path(where, wrong)
            for only in leaf.where if wrong is None else ():
                yield from _value_problems(only, where, model, of=leaf.spans)


def _wrong_path(where: str, wrong: tuple[str, str] | None) -> Iterator[Problem]:
    if wrong is not None:
        yield Problem("definition-path", where, *wrong)


def _other_lists(step: Clause, where: str, each: str | None, seen: Shape) -> Iterator[Problem]:
    for name in dict.fromkeys(record_lists(step.condition)):
        if name != each and name in seen.lists:
            yield Problem(
                "definition-path",
                where,
                f"`{step.id}` speaks of one of `{name}`, the definition of one of `{each}`.",
                "One definition takes its record from one list; use `Ever` for the other.",
            )


def _of_records(step: Clause, where: str, seen: Shape) -> Iterator[Problem]:
    """Refuse an exclusion by records: it could mean some record, or the one that meets the clauses.

    What people mean by one ('who only used it at work') is mostly a clause: some other use.
    """
    for leaf in leaves(step.condition):
        if isinstance(leaf, Is) and not parse(leaf.path).is_pattern:
            continue
        clause = _opposite(leaf, seen)
        yield Problem(
            "definition-path",
            where,
            f"The exclusion `{step.id}` speaks of `{paths(leaf)[0]}`, of records and not of the "
            "account.",
            (f"To ask for a record that is not so, write the clause `{clause}`. " if clause else "")
            + "To exclude whoever has any such record, give the model a yes/no fact of the "
            "account and exclude by that.",
        )


def _opposite(leaf: Leaf, seen: Shape) -> str | None:
    """The condition that asks for a record of which a condition is not true; None: there is none.

    It is about records that have the moment; a moment that does not exist meets no condition.
    """
    match leaf:
        case Is(path=path, values=values):
            others = sorted(map(repr, seen.options_at(path) - values))
            return f'Is("{path}", {{{", ".join(others)}}})' if others else None
        case Within(moment=moment):
            return f'Within("{moment}", ~times)'
        case Covered(moment=moment, spans=spans):
            return f'Uncovered("{moment}", "{spans}", …)'
        case Uncovered(moment=moment, spans=spans):
            return f'Covered("{moment}", "{spans}", …)'
        case Ever():
            return None
    assert_never(leaf)


def _value_problems(
    leaf: Is, where: str, model: type[History], of: str | None = None
) -> Iterator[Problem]:
    wrong = misread(leaf.path, "where" if of else "Is", VALUES, model, of)
    if wrong is not None:
        yield from _wrong_path(where, wrong)
        return
    known = shape(model).options_at(leaf.path)
    words = sorted(map(str, known))
    if strange := sorted(map(str, leaf.values - known)):
        meant = [near for each in strange for near in get_close_matches(each, words, n=1)]
        yield Problem(
            "definition-value",
            where,
            f"`{leaf.path}` is never {', '.join(f'`{each}`' for each in strange)}.",
            "Write True or False."
            if True in known
            else (f"Did you mean `{meant[0]}`? " if meant else "")
            + f"Its values are {', '.join(words)}.",
        )
