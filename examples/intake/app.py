"""Claims intake: what an importer of the library writes.

Pages are the screens of a self-check, which the library renders; a server adds limits, headers and
a place to post to. A program posts a history and gets a verdict. Nothing is kept: each page carries
what it needs.

    uvicorn --app-dir examples/intake app:app
"""

from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from form import form_of, too_large
from service import Service, described_form

from eligibility import AccountHistory, EligibilityError, evaluate, read_history
from eligibility.rules import NOTICE, Reading, class_definition
from eligibility.text.markup import html, tag
from eligibility.web.screens import CARRIED, SelfCheck

SCHEMA: Final = AccountHistory.model_json_schema()
STYLE: Final = (files("eligibility.web") / "sources" / "style.css").read_text("utf-8")
PAGE: Final = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
MOST_BYTES: Final = 1_000_000
#: An export, or a check that began with one.
MOST_UPLOADED: Final = 30_000_000
#: What a program may post: more than a heavy member's 20,000 messages and 500 receipts.
MOST_POSTED: Final = 25_000
app = Service(title="Claims intake: an example", style=STYLE, models={"history": AccountHistory})


async def posted(request: Request) -> bytes:
    """What was posted, read no further than the limit, whatever length was announced."""
    most = MOST_UPLOADED if request.url.path == "/" else MOST_BYTES
    words = f"What was sent has more than {most:,} bytes."
    hint = "Go on without the file." if request.url.path == "/" else "List fewer messages."
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > most):
        raise too_large(words, hint)
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise too_large(words, hint)
    return bytes(read)


Body = Annotated[bytes, Depends(posted)]


@app.get("/schema")
def schema() -> dict[str, Any]:
    """What a history looks like."""
    return SCHEMA


@app.post("/verdict", openapi_extra=app.takes("history"))
def verdict(body: Body, request: Request) -> Response:
    """A history as JSON in, a verdict as JSON out; the query may choose a reading."""
    definition = class_definition(Reading.of(**request.query_params))
    history = read_history(body, AccountHistory, most_records=MOST_POSTED)
    found = evaluate(history, definition)
    return Response(found.to_json(), media_type="application/json")


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
def refused(request: Request, error: EligibilityError) -> Response:
    """Everything that is wrong, as JSON or as a page."""
    too_much = {"too-large", "too-many-records"}
    status = 413 if any(each.code in too_much for each in error.problems) else 422
    if request.url.path == "/verdict":
        found = [
            {"code": p.code, "path": p.path, "message": p.message, "hint": p.hint}
            for p in error.problems
        ]
        return JSONResponse({"problems": found}, status_code=status)
    told = (tag("li", f"{each.message} {each.hint}") for each in error.problems)
    first = tag("p", tag("a", "Go to the first page", href="/"))
    parts = tag("h1", "This cannot be read"), tag("ul", *told), first, tag("p", NOTICE)
    return page("This cannot be read", html(*parts), status)
