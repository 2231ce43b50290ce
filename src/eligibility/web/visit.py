"""One person's visit to the page: the screens so far, and what is pressed on the last of them.

The page's worker makes one `Visit` and hands it what the browser says; what it gives back is what
the page shows or saves. All that is decided is decided in `screens` and behind it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from eligibility.definition.class_definition import ClassDefinition
from eligibility.immutable import FrozenDict
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.target import definition_at
from eligibility.web.screens import SelfCheck

#: The button that asks for a file has this name, and as its value which one.
DOWNLOAD: Final = "download"
#: The value of the button that deletes what was said.
RESTART: Final = "restart-now"
#: Every disputed term is read as by default.
NO_READING: Final[Mapping[str, str]] = FrozenDict()


def begun(target: str, reading: Mapping[str, str] = NO_READING) -> SelfCheck:
    """The first screen, for the case here or for the definition that a `MODULE:NAME` leads to.

    >>> begun("").title == begun("eligibility.rules:class_definition").title
    True
    """
    definition = definition_at(target, reading)
    return SelfCheck.start(definition, supposition_for(definition))


def supposition_for(definition: ClassDefinition) -> Any:
    """What is alleged in the case here, if the definition speaks of the same kind of history."""
    return AS_ALLEGED if definition.model is class_definition().model else None


class Visit:
    """The screens of a visit, each a value of its own: going back is to look at an earlier one."""

    def __init__(self, target: str = "", reading: str = "{}") -> None:
        self._screens = [begun(target, json.loads(reading))]
        self._at = 0

    def send(self, fields: str, files: str) -> dict[str, Any]:
        """What to show after a form was sent: its fields and the paths of its files, as JSON."""
        given: dict[str, list[str]] = json.loads(fields)
        screen = self._screens[self._at]
        if DOWNLOAD in given:
            name, media_type, content = screen.download(given[DOWNLOAD][0])
            return {"kind": "download", "name": name, "type": media_type, "bytes": content}
        shown = screen.send(given, json.loads(files))
        if RESTART in given.get("do", ()):  # nothing of what was said is kept
            self._screens, self._at = [shown], 0
        else:
            self._screens[self._at + 1 :] = [shown]
            self._at += 1
        return self._shown(moved=True)

    def go(self, at: int) -> dict[str, Any]:
        """What to show when the browser goes back or forward to a screen: as it was answered."""
        self._at = max(0, min(at, len(self._screens) - 1))
        screen, *later = self._screens[self._at : self._at + 2]
        self._screens[self._at] = screen.as_answered(later[0]) if later else screen
        return self._shown(moved=False)

    def _shown(self, *, moved: bool) -> dict[str, Any]:
        screen = self._screens[self._at]
        return {
            "kind": "screen",
            "html": screen.html,
            "title": screen.title,
            "at": self._at,
            "moved": moved,
            "holds": screen.interview is not None,
        }
