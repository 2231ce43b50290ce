"""The table contract: how a history model looks as tables of many accounts.

A history model comes in; what goes out is, for `accounts` and for each list of the model, which
columns a table has. Nothing is written twice: names, words and moments are the model's own.

A table that is *normalised* holds, and the statement reads, no nulls: a yes/no fact is 1, 0, or -1
where it is unknown; a word of a closed vocabulary is its place in the vocabulary, or -1, and of
several words that it may be, see `several`; a moment is two columns of UTC microseconds, both
inclusive, the ends of the time line where nothing is known. Only texts may be null. The tables that
people bring may say the same in more ways: see `normalise`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import polars as pl
from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Clause
from eligibility.errors import InvalidDefinition, Problem
from eligibility.facts.model import History, Value
from eligibility.facts.paths import pattern
from eligibility.facts.shape import ListShape, shape
from eligibility.immutable import FrozenDict
from eligibility.values.truth import Status

#: The table with one row per account.
ACCOUNTS: Final = "accounts"
#: What a fact of which nothing is known is held as, in a normalised table.
UNKNOWN: Final = -1
ACCOUNT_ID: Final = "account_id"
TIME_ZONE: Final = "time_zone"
#: Of an account: its statements of completeness with conditions, as JSON; empty where it has none.
STATEMENTS: Final = "complete"
#: A yes/no fact, as its words are numbered.
NO_YES: Final = ("no", "yes")
#: Several words are held as the bits of one number.
_MOST_WORDS: Final = 63


@frozen
class TableContract:
    """What one table holds.

    `values`: for each yes/no fact or closed vocabulary, its words in the order of their numbers.
    `moments`: the moments, each as `<name>_earliest` and `<name>_latest`.
    `flags`: which lists are complete; only `accounts` has them. `carried`: texts that no verdict
    turns on. `paths`: for each column of `values`, the path in a history. `lists`: of
    `accounts`, what its statements of completeness may be about.
    """

    name: str
    values: Mapping[str, tuple[str, ...]]
    moments: tuple[str, ...]
    flags: tuple[str, ...]
    carried: tuple[str, ...]
    paths: Mapping[str, str]
    lists: Mapping[str, ListShape] = FrozenDict()

    @property
    def normalised_columns(self) -> dict[str, str]:
        """The columns of the normalised table, in order, with their SQL types."""
        bounds = (column for name in self.moments for column in bounds_of(name))
        return (
            {ACCOUNT_ID: "VARCHAR"}
            | dict.fromkeys(self.flags, "TINYINT")
            | dict.fromkeys(self.statements, "VARCHAR")
            | {name: _number_of(words) for name, words in self.values.items()}
            | dict.fromkeys(bounds, "BIGINT")
            | dict.fromkeys(self.carried, "VARCHAR")
        )

    @property
    def statements(self) -> tuple[str, ...]:
        """The column of statements of completeness with conditions, if it has one."""
        return (STATEMENTS,) if self.lists else ()

    def codes(self, column: str, values: frozenset[Value]) -> tuple[int, ...]:
        """The numbers that stand for some values of a column.

        >>> from eligibility import AccountHistory
        >>> contract(AccountHistory)["messages"].codes("direction", frozenset({"received"}))
        (1,)
        """
        words = self.values[column]
        named = {NO_YES[v] if isinstance(v, bool) else v for v in values}
        return tuple(code for code, word in enumerate(words) if word in named)


def several(codes: Iterable[int]) -> int:
    """The number that stands for several words, one of which it is: less than that of unknown.

    -1 less a 2 to the power of each word's place.

    >>> several((0, 2))
    -6
    """
    return UNKNOWN - sum(1 << code for code in set(codes))


def _number_of(words: Sequence[str]) -> str:
    """The SQL type that holds any word of a vocabulary, and any several of them."""
    sizes = {7: "TINYINT", 15: "SMALLINT", 31: "INTEGER"}
    return next((kind for most, kind in sizes.items() if len(words) <= most), "BIGINT")


def bounds_of(moment: str) -> tuple[str, str]:
    """The two columns of a moment."""
    return f"{moment}_earliest", f"{moment}_latest"


def alone(moment: str) -> str:
    """What a moment is called, in the statement, without what follows from one that may not be."""
    return f"{moment}_alone"


def complete_flag(name: str) -> str:
    """The column of `accounts` that says whether a list holds all there is."""
    return f"complete_{name}"


def answer_column(path: str) -> str:
    """The column of `accounts` for a yes/no fact about the account.

    >>> answer_column("exclusions.counsel")
    'exclusions_counsel'
    """
    return path.replace(".", "_")


@lru_cache(maxsize=128)
def contract(model: type[History]) -> Mapping[str, TableContract]:
    """The tables of a history model, by name, `accounts` first.

    Raises:
        InvalidDefinition: `definition-model`, the model's names clash once they are columns.
    """
    seen = shape(model)
    answers = {answer_column(path): path for path in seen.yes_no}
    accounts = TableContract(
        ACCOUNTS,
        dict.fromkeys(answers, NO_YES),
        (),
        tuple(complete_flag(name) for name in seen.lists),
        (TIME_ZONE,),
        answers,
        seen.lists,
    )
    tables = {ACCOUNTS: accounts} | {
        name: _list_contract(name, list_shape) for name, list_shape in seen.lists.items()
    }
    problems = list(_clashing(model, tables, len(seen.yes_no)))
    if problems:
        raise InvalidDefinition(problems)
    return tables


def _list_contract(name: str, list_shape: ListShape) -> TableContract:
    values = dict.fromkeys(list_shape.yes_no, NO_YES) | dict(list_shape.vocabulary)
    paths = {column: pattern(name, column) for column in values}
    return TableContract(name, values, list_shape.moments, (), ("id", "source"), paths)


def _clashing(
    model: type[History], tables: Mapping[str, TableContract], answers: int
) -> Iterator[Problem]:
    hint = "Rename the field; tables name columns after it."
    if ACCOUNTS in shape(model).lists or len(tables[ACCOUNTS].values) < answers:
        words = f"`{model.__name__}` has names that are one and the same in tables."
        yield Problem("definition-model", ACCOUNTS, words, hint)
    for table in tables.values():
        for name, words_of in table.values.items():
            if len(words_of) > _MOST_WORDS:
                words = f"`{table.name}.{name}` has more than {_MOST_WORDS} words."
                way = "Decide one account at a time, or make the vocabulary smaller."
                yield Problem("definition-model", f"{table.name}.{name}", words, way)
        bounds = [column for name in table.moments for column in bounds_of(name)]
        bounds += (column for name in table.moments for column in bounds_of(alone(name)))
        names = [ACCOUNT_ID, *table.flags, *table.values, *bounds, *table.moments, *table.carried]
        alike = Counter(name.lower() for name in names)  # as most engines compare names
        for twice in sorted({name for name in names if alike[name.lower()] > 1}):
            words = f"The table `{table.name}` would have `{twice}` twice."
            yield Problem("definition-model", f"{table.name}.{twice}", words, hint)


#: What an account is known by where texts would be slow to compare: a hash of 64 bits.
KEY: Final = pl.col(ACCOUNT_ID).hash()


def is_named(account: pl.Expr) -> pl.Expr:
    """Whether an id says anything; null does not, nor does a blank."""
    return account.str.strip_chars().fill_null("") != ""


#: What an account is known by in tables that were written sorted: a number of its own, smallest
#: first. It is no column of the contract, and no field of a model has such a name.
NUMBER: Final = "account number"


#: The SQL types of normalised columns, as Polars has them.
POLARS_TYPES: Final = {
    "VARCHAR": pl.String(),
    "TINYINT": pl.Int8(),
    "SMALLINT": pl.Int16(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
}


def normalised_schema(table: TableContract) -> dict[str, pl.DataType]:
    """The columns of a normalised table, with their Polars types."""
    return {name: POLARS_TYPES[kind] for name, kind in table.normalised_columns.items()}


#: The columns of a result: what was decided, by which clause, and whether no more could be; or why
#: an account has no status.
STATUS: Final = "status"
DECIDED_BY: Final = "decided_by"
EXACT: Final = "exact"
PROBLEM: Final = "problem"


def clause_column(clause_id: str) -> str:
    """The column that holds how far accounts got with a clause: `true`, `false` or `unknown`.

    >>> clause_column("before-update")
    'clause_before_update'
    """
    return "clause_" + "".join(c if c.isalnum() else "_" for c in clause_id)


def clause_columns(steps: Iterable[Clause]) -> list[str]:
    """The columns of all clauses and exclusions, in order."""
    return [clause_column(step.id) for step in steps]


def survey_columns(definitions: Sequence[ClassDefinition]) -> list[str]:
    """The columns that hold the status by each of several readings, named by their words.

    >>> from eligibility.rules import class_definition
    >>> survey_columns([class_definition()])
    ['status_sent_or_received__sharing__shared__before__anyone__none']
    """
    return [
        "status_" + "__".join(word.replace("-", "_") for word in definition.reading.values())
        for definition in definitions
    ]


def result_words(definitions: Sequence[ClassDefinition]) -> Mapping[str, tuple[str, ...]]:
    """The words that may stand in the columns of a result, but for `account_id`."""
    statuses = tuple(sorted(status.value for status in Status))
    if len(definitions) > 1:
        return FrozenDict(dict.fromkeys(survey_columns(definitions), statuses))
    (definition,) = definitions
    truths = dict.fromkeys(clause_columns(definition.steps), ("false", "true", "unknown"))
    steps = tuple(step.id for step in definition.steps)
    return FrozenDict({STATUS: statuses} | truths | {DECIDED_BY: steps})


def result_columns(definitions: Sequence[ClassDefinition]) -> list[str]:
    """The columns of a result that hold texts, in order; `exact` comes after them."""
    if len(definitions) > 1:
        return [ACCOUNT_ID, *survey_columns(definitions)]
    return [ACCOUNT_ID, STATUS, *clause_columns(definitions[0].steps), DECIDED_BY]
