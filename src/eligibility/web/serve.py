"""The page on this machine's own loopback address: the same bytes that `build` writes.

The browser is told by headers what the file says by itself, and a little more. Nothing is logged,
no cookie is set, and whoever calls by another name than this machine's is refused.
"""

from typing import Final

import uvicorn
from fastapi import FastAPI, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

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


def application(page: Page) -> FastAPI:
    """The page at `/`.

    FastAPI's own pages about the API are left out: they load scripts from elsewhere.
    """
    app = FastAPI(title="eligibility", docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_NAMES)
    headers = {**_HEADERS, "Content-Security-Policy": f"{page.policy}; frame-ancestors 'none'"}

    @app.get("/", include_in_schema=False)
    def _page() -> Response:
        return Response(page.content, media_type="text/html", headers=headers)

    return app


def serve(page: Page, port: int) -> None:
    """Serve the page until it is stopped."""
    uvicorn.run(application(page), host=HOST, port=port, access_log=False, log_level="warning")
