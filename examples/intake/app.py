"""Claims intake: what an importer of the library writes.

Pages are the screens of a self-check, which the library renders; a server adds limits, headers and
a place to post to. Programs have the library's own router. Nothing is kept: each page carries what
it needs.

    uvicorn --app-dir examples/intake app:app
"""

from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from form import form_of
from service import Service, described_form

from eligibility import EligibilityError
from eligibility.rules import NOTICE
from eligibility.text.markup import html, tag
from eligibility.web import Bounds, eligibility_router
from eligibility.web.api.requests import body_of
from eligibility.web.screens import CARRIED, SelfCheck

STYLE: Final = (files("eligibility.web") / "sources" / "style.css").read_text("utf-8")
PAGE: Final = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
MOST_BYTES: Final = 1_000_000
#: An export, or a check that began with one.
MOST_UPLOADED: Final = 30_000_000
#: What a program may post: more than a heavy member's 20,000 messages and 500 receipts.
MOST_POSTED: Final = 25_000
app = Service(title="Claims intake: an example", style=STYLE)
app.include_router(eligibility_router(bounds=Bounds(body=MOST_BYTES, records=MOST_POSTED)))


async def posted(request: Request) -> bytes:
    """What a browser posted, read no further than the limit, whatever length was announced."""
    return await body_of(request, MOST_UPLOADED)


Body = Annotated[bytes, Depends(posted)]


@app.get("/")
def start() -> HTMLResponse:
    """The first screen."""
    return screen(SelfCheck.start())


@app.post("/", openapi_extra=described_form("do", "change", CARRIED, files=("archive", "saved")))
def step(body: Body, request: Request) -> Response:
    """The screen after a form was sent, or a file that it asked for."""
    form = form_of(body, request.headers.get("content-type", ""))
    check = SelfCheck.start()
    if carried := form.fields.get(CARRIED):
        check = check.taken_up(carried[0])
    if check.interview and (name := form.fields.get("download", [""])[0]) in check.downloads:
        file, media_type, content = check.download(name)
        named = {"content-disposition": f'attachment; filename="{file}"'}
        return Response(content, media_type=media_type, headers=named)
    with form.paths() as paths:
        return screen(check.send(form.fields, paths))


def screen(check: SelfCheck) -> HTMLResponse:
    """A screen as a page, whose forms are posted here and carry the check."""
    status = 422 if check.wrong else 200
    return page(check.title, check.page("/", carries=True), status)


def page(title: str, inside: str, status: int) -> HTMLResponse:
    """A page with the styles of the screens."""
    words = {"title": escape(title), "style": STYLE, "screen": inside}
    return HTMLResponse(Template(PAGE).substitute(words), status_code=status)


@app.exception_handler(EligibilityError)
def refused(_request: Request, error: EligibilityError) -> HTMLResponse:
    """Everything that is wrong, as a page; the router says it to programs by itself."""
    status = 413 if any(each.code == "too-large" for each in error.problems) else 422
    told = (tag("li", f"{each.message} {each.hint}") for each in error.problems)
    first = tag("p", tag("a", "Go to the first page", href="/"))
    parts = tag("h1", "This cannot be read"), tag("ul", *told), first, tag("p", NOTICE)
    return page("This cannot be read", html(*parts), status)
