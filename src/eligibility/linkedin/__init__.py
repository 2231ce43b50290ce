"""Reads a LinkedIn export, the 'copy of your data', into a history and a report.

    path ── archive (zipped, folder) ── table ──┬─ owner ─────┐
            which files, opened safely   rows   ├─ messages ──┼─ reading ── history and report
                                                ├─ receipts ──┤
                                                └─ account ───┘

The reader claims nothing that the archive does not show. What is not certain is unknown in the
history and a hint in the report; a time without a zone is widened; no list is ever complete. What
people wrote, their names and their addresses do not leave this package: not in the history, not in
the report, not in an error. It opens no network connection, writes no file and extracts nothing.

>>> from eligibility.linkedin import read_archive
>>> reading = read_archive("examples/archive/ada-example-export.zip")  # doctest: +SKIP
>>> reading.history.premium[0].plan  # doctest: +SKIP
'premium_career'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eligibility.linkedin.codes import CODES
    from eligibility.linkedin.reading import ArchiveReading, read_archive
    from eligibility.linkedin.report import ArchiveReport, FileReport, Note
    from eligibility.linkedin.stream import Limits
else:  # hidden from type checkers, to which a name that is misspelt would be one that is loaded
    _LOADED_WHEN_NAMED = {
        "CODES": "codes",
        "ArchiveReading": "reading",
        "read_archive": "reading",
        "ArchiveReport": "report",
        "FileReport": "report",
        "Note": "report",
        "Limits": "stream",
    }

    def __getattr__(name: str) -> object:
        """What reads an archive, loaded when it is first named; its limits are named in a help."""
        if name in _LOADED_WHEN_NAMED:
            return getattr(import_module(f"{__name__}.{_LOADED_WHEN_NAMED[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CODES",
    "ArchiveReading",
    "ArchiveReport",
    "FileReport",
    "Limits",
    "Note",
    "read_archive",
]
