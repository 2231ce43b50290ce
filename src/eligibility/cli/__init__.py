"""The command line: the edge where files come in and sentences, pictures and JSON go out.

FILE … ── `inputs` ── history ── `check` ── verdict ── `terminal`: sections of prose and a picture,
or one line of JSON for each file. `app` has the commands, `sections` what only they say.
"""

import gc
import sys
from typing import Final

__all__ = ["main"]

#: The exit status of what Ctrl-C ends.
_STOPPED: Final = 130


def main() -> None:
    """The entry point of the `eligibility` command."""
    collects = gc.isenabled()
    gc.disable()  # all that is loaded stays: to look for garbage in it is a tenth of a start
    try:
        from eligibility.cli.app import run  # noqa: PLC0415 - while nothing is looked through
    except KeyboardInterrupt:  # somebody was quick: nothing was begun
        sys.exit(_STOPPED)

    gc.freeze()
    if collects:
        gc.enable()
    run()
