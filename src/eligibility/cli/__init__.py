"""The command line: the edge where files come in and sentences, pictures and JSON go out.

FILE … ── `inputs` ── history ── `check` ── verdict ── `terminal`: sections of prose and a picture,
or one line of JSON for each file. `app` has the commands, `sections` what only they say.
"""

from eligibility.cli.app import app, main

__all__ = ["app", "main"]
