"""The page on this machine's own loopback address, the same bytes that `build` writes, and the API.

The browser is told by headers what the file says by itself, and a little more. Nothing is logged,
no cookie is set, and whoever calls by another name than this machine's is refused.
"""

from typing import Final

import uvicorn
from fastapi import FastAPI, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from eligibility.definition.class_definition import ClassDefinition
from eligibility.web.api import eligibility_router
from eligibility.web.build import Page

#: Only this machine reaches it.
HOST: Final = "127.0.0.1"
_NAMES: Final = [HOST, "localhost"]
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def application(page: Page, definition: ClassDefinition | None = None) -> FastAPI:
    """The page at `/`, and beside it the router, by the same definition.

    FastAPI's own pages about the API are left out: they load scripts from elsewhere.
    """
    app = FastAPI(title="eligibility", docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_NAMES)
    app.include_router(eligibility_router(definition))
    headers = {**_HEADERS, "Content-Security-Policy": f"{page.policy}; frame-ancestors 'none'"}

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    def _page() -> Response:
        return Response(page.content, media_type="text/html", headers=headers)

    return app


def serve(page: Page, port: int, definition: ClassDefinition | None = None) -> None:
    """Serve the page until it is stopped."""
    app = application(page, definition)
    uvicorn.run(app, host=HOST, port=port, access_log=False, log_level="warning")
