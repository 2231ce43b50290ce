"""Claims intake: what an importer of the library writes.

The first page asks for the data export and begins an interview (`talk`, and its `pages`), which
ends in a verdict. A program posts a history and gets a verdict. Nothing is kept: every page carries
what it needs.

    uvicorn --app-dir examples/intake app:app
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pages import asked_page, start_page, unread_part, verdict_page
from service import Service, form_of, upload_of
from talk import begun, carried, in_plain_words, said

from eligibility import (
    AccountHistory,
    EligibilityError,
    InvalidHistory,
    Problem,
    evaluate,
    read_history,
)
from eligibility.interview import Interview
from eligibility.rules import NOTICE, Reading, class_definition
from eligibility.text.markup import Html, tag

SCHEMA: Final = AccountHistory.model_json_schema()
PAGE: Final = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
MOST_BYTES: Final = 1_000_000
#: An export, or an interview that began with one.
MOST_UPLOADED: Final = 30_000_000
#: The fields of a page: what is ticked, and a few more.
MOST_FIELDS: Final = 2_000
#: What a program may post: more than a heavy member's 20,000 messages and 500 receipts.
MOST_POSTED: Final = 25_000
app = Service(title="Claims intake: an example", page=PAGE, models={"history": AccountHistory})


def too_large(words: str, hint: str) -> InvalidHistory:
    """The refusal of what would cost too much to read."""
    return InvalidHistory([Problem("too-large", "", words, hint)])


async def posted(request: Request) -> bytes:
    """What was posted, read no further than the limit, whatever length was announced."""
    is_page = request.url.path in ("/begin", "/say", "/save")
    most = MOST_UPLOADED if is_page else MOST_BYTES
    words = f"What was sent has more than {most:,} bytes."
    hint = "Go on without the file." if is_page else "List fewer messages."
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


def form_fields(body: Body) -> dict[str, list[str]]:
    """The fields of a posted form."""
    try:
        text = body.decode("utf-8", "replace")
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        words = f"The form has more than {MOST_FIELDS:,} fields."
        raise too_large(words, "Tick fewer boxes.") from None


Fields = Annotated[dict[str, list[str]], Depends(form_fields)]


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
    """The data export first, then the interview."""
    return page("Do you fit the description of the class?", *start_page())


@app.post("/begin", openapi_extra=upload_of("archive", "saved"))
def begin(body: Body, request: Request) -> HTMLResponse:
    """The first question, after an export or without one; or where a saved interview stopped."""
    interview, unread = begun(body, request.headers.get("content-type", ""))
    return interview_page(interview, unread=unread)


@app.post("/say", openapi_extra=form_of("interview", "say", "date", "tick", "unsure", "change"))
def say(fields: Fields) -> HTMLResponse:
    """The next question, or the verdict; the same page again where an answer does not fit."""
    before = carried(fields)
    try:
        after = said(before, fields)
    except EligibilityError as error:
        wrong = in_plain_words(error, before, fields)
        return interview_page(before, wrong, fields.get("date", [""])[0])
    return interview_page(after)


@app.post("/save", openapi_extra=form_of("interview"))
def save(fields: Fields) -> Response:
    """The interview as a file, which the first page takes up again."""
    named = {"content-disposition": 'attachment; filename="my-interview.json"'}
    return Response(carried(fields).to_json(), media_type="application/json", headers=named)


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
    told = (tag("li", f"{each.message} {each.hint}", class_="wrong") for each in error.problems)
    codes = (tag("li", str(each)) for each in error.problems)
    parts = tag("ul", *told), tag("p", tag("a", "Go to the first page", href="/"))
    details = tag("details", tag("summary", "Details"), tag("ul", *codes))
    return page("This cannot be read", *parts, details, status=status)


def page(title: str, *parts: Html, status: int = 200) -> HTMLResponse:
    """A page, with the standing notice on it."""
    words = {"title": escape(title), "notice": escape(NOTICE), "body": "".join(parts)}
    return HTMLResponse(Template(PAGE).substitute(words), status_code=status)


def interview_page(
    interview: Interview, wrong: str = "", typed: str = "", unread: Sequence[str] = ()
) -> HTMLResponse:
    """The next question of an interview, or its verdict; what is wrong with what was said.

    `unread` is what of an export could not be read.
    """
    status = 422 if wrong else 200
    told = unread_part(unread) if unread else ()
    if interview.question is None:
        return page("What follows", *told, *verdict_page(interview, wrong), status=status)
    parts = asked_page(interview, interview.question, wrong, typed)
    return page("A few questions", *told, *parts, status=status)
