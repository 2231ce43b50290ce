"""What a test needs of the machine: where it is missing the test is skipped, or, in CI, fails."""

import os
from typing import Final, NoReturn

import pytest

#: What must not be skipped: `java`, `postgres`, `browser`, `firefox`, with commas between.
MUST_RUN: Final = "ELIGIBILITY_MUST_RUN"


def missing(what: str, install: str) -> NoReturn:
    """Skip for want of something; or fail, where it must be there."""
    words = f"{what} is not here, and so nothing was tested on it. Install it: {install}"
    required = os.environ.get(MUST_RUN, "")
    if what.lower() in required.lower().split(","):
        pytest.fail(f"{words} ({MUST_RUN}={required})", pytrace=False)
    pytest.skip(words)
