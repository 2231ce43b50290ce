"""What can be wrong with tables, files and runs, beside what can be wrong with one history."""

from eligibility.errors import EligibilityError


class BatchError(EligibilityError):
    """A run over many accounts cannot start, or cannot go on; every problem at once."""
