"""The library over HTTP: a router for any FastAPI app.

    request ── requests ── operations ── answer
               bounded     what each     JSON, HTML, PDF; or
               and read    path does     `problems`: all that is wrong

`router` puts the paths together and `documents` describes what goes in and out, as OpenAPI. Nothing
is stored, and nothing of what a person sends is written to a log.
"""

from eligibility.errors import way_to_install

try:
    import fastapi as _fastapi  # noqa: F401 - only whether it is there
except ImportError as error:
    _message = f"eligibility.web serves with FastAPI. {way_to_install('web')}"
    raise ImportError(_message) from error

from eligibility.web.api.requests import Bounds
from eligibility.web.api.router import eligibility_router

__all__ = ["Bounds", "eligibility_router"]
