"""The self-check: the library in one page, which runs in the browser and sends nothing.

    inputs ─┐                                     worker ── visit ── screens
    ours ───┴─ build ── self-check.html ── browser ┤
                              │                    shell: what is pressed, what is shown
                            serve

`inputs` fetches what the page is made of, each file pinned by its hash; `ours` packs the library's
own sources; `build` puts them into one file, the same bytes for the same input. In the browser,
`visit` runs inside the worker and `screens` says what a person sees.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eligibility.web.api import Bounds, eligibility_router
else:  # what runs in a browser has no FastAPI, and needs none

    def __getattr__(name: str) -> object:
        """The router, loaded with its web framework when it is first named."""
        if name in __all__:
            return getattr(import_module("eligibility.web.api"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Bounds", "eligibility_router"]
