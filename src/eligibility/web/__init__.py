"""The self-check: the library in one page, which runs in the browser and sends nothing.

    inputs ─┐                                     worker ── visit ── screens
    ours ───┴─ build ── self-check.html ── browser ┤
                              │                    shell: what is pressed, what is shown
                            serve

`inputs` fetches what the page is made of, each file pinned by its hash; `ours` packs the library's
own sources; `build` puts them into one file, the same bytes for the same input. In the browser,
`visit` runs inside the worker and `screens` says what a person sees.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eligibility.web.api import eligibility_router
else:  # what runs in a browser has no FastAPI, and needs none

    def __getattr__(name: str) -> object:
        """The router, loaded with its web framework when it is first named."""
        if name == "eligibility_router":
            from eligibility.web.api import eligibility_router  # noqa: PLC0415 - see above

            return eligibility_router
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["eligibility_router"]
