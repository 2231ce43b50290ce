"""Many accounts at once: the same definition, as one SQL statement over tables.

- `decide`: frames of any kind in, a frame of the same kind out, one row per account;
- `prepare`: normalised tables, and what does not fit; `parts` does it on disk, once for all;
- `statement`: the SQL text, in a choice of dialects, with the words of the clauses;
- `attrition`: how many accounts are still in, undecided and out after each clause;
- `run`: files in, files out, taken up where it was cut off: what the command line does.

`tables` reads and normalises what people bring; `sql` makes of a definition a plan, with two passes
and a count; `execute` runs it (`engines`, `spark`, `job`), and asks `evaluate` of the few accounts
that the plan leaves to it (`fallback`); `state` keeps a run's folder. Needs the extra `batch`.
"""

from eligibility.errors import way_to_install

try:
    import filelock as _filelock  # noqa: F401 - only whether it is there
    import polars as _polars  # noqa: F401 - only whether it is there
    import sqlglot as _sqlglot  # noqa: F401 - only whether it is there
except ImportError as error:
    _message = f"eligibility.batch needs an extra. {way_to_install('batch')}"
    raise ImportError(_message) from error

from eligibility.batch.errors import BatchError, InvalidTables
from eligibility.batch.execute.attrition import attrition
from eligibility.batch.execute.decide import decide
from eligibility.batch.sql.statement import statement, survey_statement
from eligibility.batch.tables.options import InputOptions
from eligibility.batch.tables.prepare import Prepared, prepare

__all__ = [
    "BatchError",
    "InputOptions",
    "InvalidTables",
    "Prepared",
    "attrition",
    "decide",
    "prepare",
    "statement",
    "survey_statement",
]
