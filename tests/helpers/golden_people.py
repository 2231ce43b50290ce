"""The table of people by readings: `golden/people.toml`, how it is read, and how it was written.

The facts and histories stand in the table and are written by hand. `python tests/golden_people.py`
fills in the outcomes, by brute force over worlds; nothing here imports the library, so that the
library can be held to what stands in the file.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import oracle
from oracle import DIMENSIONS, READINGS

FILE = Path(__file__).parents[1] / "golden" / "people.toml"
SUPPOSING = {"as_it_is": None, "as_alleged": "as-alleged"}
LETTERS = {"eligible": "E", "ineligible": "-", "indeterminate": "?"}
STATUSES = {letter: status for status, letter in LETTERS.items()}
ANY = "any"
#: What a row says, and what a column says, of a reading.
ROWS = ("messages", "recipient", "exclusions")
COLUMNS = ("date_limits", "premium_when", "update_day")

Reading = Mapping[str, str]
Person = dict[str, Any]
Table = dict[tuple[str, ...], str]


def people() -> list[Person]:
    """Each with a name, facts in words, a history, and the outcomes as texts."""
    found: list[Person] = tomllib.loads(FILE.read_text(encoding="utf-8"))["person"]
    return found


def key_of(reading: Reading) -> tuple[str, ...]:
    return tuple(reading[name] for name in DIMENSIONS)


def read(text: str) -> Table:
    """The status under each reading; a row of which a word is `any` stands for several."""
    columns = list(itertools.product(*(DIMENSIONS[name] for name in COLUMNS)))
    found: Table = {}
    for line in text.strip().splitlines():
        *words, letters = line.split(maxsplit=len(ROWS))
        named = [DIMENSIONS[n] if w == ANY else (w,) for n, w in zip(ROWS, words, strict=True)]
        for row in itertools.product(*named):
            for column, letter in zip(columns, letters.split(), strict=True):
                reading = dict(zip(ROWS + COLUMNS, row + column, strict=True))
                assert key_of(reading) not in found, f"two rows for {reading}"
                found[key_of(reading)] = STATUSES[letter]
    return found


def by_brute_force(history: Mapping[str, Any], supposing: str | None) -> Table:
    """The status under each reading, from a history whose moments are spelt out in UTC."""
    return {key_of(each): oracle.status(history, each, supposing) for each in READINGS}


def written(table: Table) -> str:
    """The rows; a word that no outcome turns on is `any`."""
    return "\n".join(_rows(table))


def _rows(table: Table) -> Iterator[str]:
    idle = {name for name in ROWS if not _turns_on(table, name)}
    named = [(ANY,) if name in idle else DIMENSIONS[name] for name in ROWS]
    for row in itertools.product(*named):
        words = [DIMENSIONS[n][0] if w == ANY else w for n, w in zip(ROWS, row, strict=True)]
        letters = [
            LETTERS[table[key_of(dict(zip(ROWS + COLUMNS, (*words, *column), strict=True)))]]
            for column in itertools.product(*(DIMENSIONS[name] for name in COLUMNS))
        ]
        pairs = ["  ".join(letters[at : at + 2]) for at in range(0, len(letters), 2)]
        yield f"{row[0]:17}{row[1]:14}{row[2]:11}" + "     ".join(pairs)


def _turns_on(table: Table, name: str) -> bool:
    at = list(DIMENSIONS).index(name)
    seen: dict[tuple[str, ...], set[str]] = {}
    for key, status in table.items():
        seen.setdefault(key[:at] + key[at + 1 :], set()).add(status)
    return any(len(statuses) > 1 for statuses in seen.values())


def filled(person: Person, tables: dict[str, Table]) -> str:
    """The block of one person, with the outcomes of each supposition."""
    parts = [
        "[[person]]",
        f'name = "{person["name"]}"',
        f'facts = """\n{person["facts"].strip()}\n"""',
        f"history = '''\n{person['history'].strip()}\n'''",
        *(f"{name} = '''\n{written(tables[name])}\n'''" for name in SUPPOSING),
    ]
    return "\n".join(parts) + "\n"


def outcomes(person: Person) -> dict[str, Table]:
    """The outcomes of one person as they are by brute force."""
    from test_oracle_itself import spelt_out  # noqa: PLC0415 - a test module, which reads this case

    history = spelt_out(json.loads(person["history"]))
    return {name: by_brute_force(history, supposing) for name, supposing in SUPPOSING.items()}


def main() -> None:
    """Write the outcomes anew; all else stays as it stands."""
    head = FILE.read_text(encoding="utf-8").partition("[[person]]")[0]
    blocks = (filled(each, outcomes(each)) for each in people())
    FILE.write_text(head + "\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
