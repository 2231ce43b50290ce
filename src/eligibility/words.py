"""Times, values and titles in words.

What a user wrote (ids, sources) is shown as printable text only: control characters are spelt out,
so that no terminal obeys them. Months are English, whatever the locale of the process.
"""

from typing import Final

from eligibility.model import History, shape
from eligibility.moment import Moment
from eligibility.timeline import COURT_ZONE, EARLIEST, LATEST, load_zone, moment_of
from eligibility.timeset import TimeSet

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def printable(words: str) -> str:
    r"""A text with everything that is not plain printable text spelt out.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if words.isprintable():
        return words
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in words)


def day_words(at: int, zone: str = COURT_ZONE) -> str:
    """An instant in words, in local time of a zone; only the day if the day begins with it.

    >>> day_words(1726642800000000)
    '18 September 2024'
    """
    local = moment_of(min(max(at, EARLIEST), LATEST)).astimezone(load_zone(zone))
    day = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    clock = local.time().isoformat()
    return day if clock == "00:00:00" else f"{clock} on {day}"


def times_words(times: TimeSet, zone: str = COURT_ZONE) -> str:
    """A set of instants in words.

    >>> times_words(TimeSet.before(1726642800000000))
    'before 18 September 2024'
    """
    return " or ".join(_span_words(span, zone) for span in times.spans) or "at no time"


def _span_words(span: tuple[int, int], zone: str) -> str:
    first, last = span
    if first <= EARLIEST:
        return "at any time" if last >= LATEST else f"before {day_words(last + 1, zone)}"
    if last >= LATEST:
        return f"on or after {day_words(first, zone)}"
    return f"from {day_words(first, zone)} to before {day_words(last + 1, zone)}"


def value_words(value: object) -> str:
    """A known or unknown value of a history, as a word."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable(value.text if isinstance(value, Moment) else str(value))


def title_of(path: str, model: type[History]) -> str:
    """The model's title for a path such as `messages[].sent_at`, or the path's own last word."""
    name, brackets, key = path.partition("[].")
    if not brackets:
        name, _, key = path.partition(".")
    info = model.model_fields.get(name)
    if info is not None and key:
        entry = shape(model).lists.get(name)
        inner = entry.record if entry else info.annotation
        info = getattr(inner, "model_fields", {}).get(key)
    return (info.title if info else None) or path.rpartition(".")[2]
