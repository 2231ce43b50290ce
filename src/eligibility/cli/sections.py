"""Words of the command line: readings as options, and how an archive was read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from eligibility.api import Survey
from eligibility.readings import MEANS
from eligibility.rules import DIMENSIONS, READING_SOURCES, Reading
from eligibility.text.section import Section
from eligibility.values.english import counted

if TYPE_CHECKING:
    from eligibility.linkedin.report import ArchiveReport, FileReport, Note


def reading_section(reading: Reading, *, in_full: bool = True) -> Section:
    """How a reading takes the words that the sources leave open, and who says so.

    In short, only where it is not the default.
    """
    lines: list[str] = []
    for name, word in reading.words().items():
        value = DIMENSIONS[name](word)
        if in_full or value is not getattr(Reading(), name):
            lines.append(f"{name}={word}: {MEANS[value]}")
        if in_full:
            others = [other for other in DIMENSIONS[name] if other is not value]
            lines += [f"  or {name}={other.value}: {MEANS[other]}" for other in others]
            lines.append(f"  Source: {READING_SOURCES[value]}")
    return Section("How disputed terms are read", tuple(lines))


#: Of many files that a note speaks of, so many are named.
_MOST_FILES: Final = 5


def report_section(report: "ArchiveReport", *, in_full: bool) -> Section:
    """How an archive was read, file by file; in short, without what was assumed on the way."""
    lines = tuple(_report_lines(report))
    if not in_full:
        notes = counted(len(lines) - len(report.files), "note")
        assumed = f"{notes} on what was assumed: see --full."
        lines = (*lines[: len(report.files)], assumed)
    return Section(f"How the archive was read ({report.kind})", lines)


def _report_lines(report: "ArchiveReport") -> Iterator[str]:
    for file in report.files:
        yield f"{file.name}: {_file_words(file)}"
    for note in report.notes:
        yield _note_words(note)
    for hint in report.hints:
        yield f"Hint, not used: {_note_words(hint)}"


def _file_words(file: "FileReport") -> str:
    passed = ", ".join(f"{count:,} {why}" for why, count in file.passed_over.items())
    words = f"{counted(file.rows_read, 'row')} read" + (
        f"; passed over: {passed}" if passed else ""
    )
    if file.problem is None:
        return words
    wrong = f"{file.problem.message} {file.problem.hint}".strip()
    before = f"{words}; no more: " if file.rows_read or passed else "not read: "
    return f"{before}{wrong} [{file.problem.code}]"


def _note_words(note: "Note") -> str:
    count = f"{note.count:,} times: " if note.count > 1 else ""
    files = [path for path in note.paths if "[" not in path]
    more = [f"{len(files) - _MOST_FILES:,} more"] if len(files) > _MOST_FILES else []
    named = f" ({', '.join([*files[:_MOST_FILES], *more])})" if files else ""
    return f"{count}{note.text}{named} [{note.code}]"


def survey_lines(table: Survey) -> Iterator[str]:
    """The status for each combination of the words that the outcome turns on."""
    if table.supposing is not None:
        yield f"Supposing {table.supposing.words}."
    counts = ", ".join(f"{count} {status.value}" for status, count in table.counts.items() if count)
    yield f"Of {len(table.statuses)} readings: {counts}."
    if not table.turns_on:
        return
    yield f"{table.depends} Nothing else in the reading changes it."
    rows = {
        tuple(reading.words()[name] for name in table.turns_on): status.value
        for reading, status in table.statuses
    }
    for words, status in rows.items():
        named = zip(table.turns_on, words, strict=True)
        yield f"  {status:13}  {', '.join(f'{name}={word}' for name, word in named)}"
    for name in table.turns_on:
        for value in DIMENSIONS[name]:
            yield f"  {name}={value.value}: {MEANS[value]}"
