"""The screens of the self-check page, for any class definition: forms come in, HTML goes out.

    check ─┬─ start      begin with an archive, with questions, or with what was saved
           ├─ asked      one question (picking: many records; wrong: what does not fit)
           ├─ outcome    what follows, why, and what stays open (answers: each can be changed)
           └─ kept       what is taken along, and taken up again
    frame: what stands on every screen; forms: their fields and buttons

Every action is the submission of a plain form, so it works without any script. It needs nothing
but the core, and so runs in a browser as well as on a server.
"""

from eligibility.web.screens.archives import Archive, FromArchive
from eligibility.web.screens.check import CARRIED, SelfCheck

__all__ = ["CARRIED", "Archive", "FromArchive", "SelfCheck"]
