"""Python's own dates in the notation of moments."""

from datetime import date, datetime, timedelta

from eligibility.errors import InvalidMoment, Problem, shown
from eligibility.values.timeline import FIRST_YEAR, LAST_YEAR


def written(when: date) -> str:
    """A `date`, or a `datetime` with its offset, in the notation. A `datetime` is a `date` too."""
    text = when.isoformat()
    if not isinstance(when, datetime):
        return text
    offset = None if when.tzinfo is None else when.utcoffset()
    if offset is None:
        hint = (
            "Give it its zone, as in `value.replace(tzinfo=UTC)`, or pass the text "
            "`value.isoformat()`: that is read in the history's zone."
        )
        words = f"`{shown(text, 80)}` is a datetime that does not say its zone."
        raise InvalidMoment([Problem("moment-naive", "", words, hint)])
    if offset % timedelta(minutes=1) and FIRST_YEAR <= when.year <= LAST_YEAR:
        # No notation has seconds in an offset. Zones had, a hundred years ago.
        return f"{(when.replace(tzinfo=None) - offset).isoformat()}Z"
    return text
