"""Many accounts at once: the same definition, as one SQL statement over tables.

Tables come in (`contract` says what they hold), are made ready, and are decided by the statement
that `compile` makes of a class definition, on Polars, DuckDB or Spark. Everything here is held, row
by row, to what `evaluate` says of one account. Needs the extra `batch`.
"""
