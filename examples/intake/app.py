"""Claims intake: what an importer of the library writes.

The first page asks for the data export and begins an interview (`talk`); a form of everything, made
from the history's JSON Schema, stands beside it. A verdict comes with its reasons. Nothing is kept:
every page carries what it needs.

    uvicorn --app-dir examples/intake app:app
"""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from schema_form import Html, control, filled, tag
from service import Service, form_of, upload_of
from talk import asked_page, begun, open_page, said, start_page
from talk import carried as carried_interview

from eligibility import (
    AccountHistory,
    EligibilityError,
    InvalidHistory,
    Problem,
    Verdict,
    evaluate,
    parse_json,
    read_history,
    refine,
)
from eligibility.interview import Interview
from eligibility.rules import NOTICE, Reading, class_definition

SCHEMA: Final = AccountHistory.model_json_schema()
PAGE: Final = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
MOST_BYTES: Final = 1_000_000
#: An export, or an interview that began with one.
MOST_UPLOADED: Final = 30_000_000
#: A form of more records than anybody fills in is refused; programs post JSON.
MOST_RECORDS: Final = 500
MOST_FIELDS: Final = 20 * MOST_RECORDS
#: What a program may post: more than a heavy member's 20,000 messages and 500 receipts.
MOST_POSTED: Final = 25_000
#: The title of every page of an interview.
TALK: Final = "A few questions"
app = Service(title="Claims intake: an example", page=PAGE, models={"history": AccountHistory})


def too_large(words: str) -> InvalidHistory:
    """The refusal of what would cost too much to read."""
    return InvalidHistory([Problem("too-large", "", words, "List fewer messages.")])


async def posted(request: Request) -> bytes:
    """What was posted, read no further than the limit, whatever length was announced."""
    most = MOST_UPLOADED if request.url.path in ("/begin", "/say") else MOST_BYTES
    words = f"It has more than {most:,} bytes."
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > most):
        raise too_large(words)
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise too_large(words)
    return bytes(read)


Body = Annotated[bytes, Depends(posted)]


def form_fields(body: Body) -> dict[str, list[str]]:
    """The fields of a posted form."""
    try:
        text = body.decode("utf-8", "replace")
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise too_large(f"The form has more than {MOST_FIELDS:,} fields.") from None


Fields = Annotated[dict[str, list[str]], Depends(form_fields)]


def carried(fields: Mapping[str, list[str]]) -> AccountHistory:
    """The history that a page carried in a hidden field."""
    text = fields.get("history", [""])[0]
    return read_history(text, AccountHistory, most_records=MOST_RECORDS)


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


@app.post("/begin", openapi_extra=upload_of("archive"))
def begin(body: Body, request: Request) -> HTMLResponse:
    """The first question, after an export or without one."""
    return interview_page(begun(body, request.headers.get("content-type", "")))


@app.post("/say", openapi_extra=form_of("interview", "say", "date", "tick"))
def say(fields: Fields) -> HTMLResponse:
    """The next question, or the verdict; the same question again where an answer does not fit."""
    before = carried_interview(fields)
    try:
        return interview_page(said(before, fields))
    except EligibilityError as error:
        if before.question is None:
            raise
        wrong = " ".join(f"{each.message} {each.hint}" for each in error.problems)
        return page(TALK, *asked_page(before, before.question, wrong), status=422)


@app.get("/form")
def empty_form() -> HTMLResponse:
    """The form of everything, with nothing said yet."""
    return form_page({})


@app.post("/form", openapi_extra=form_of("add", "remove", "history"))
def form_again(fields: Fields) -> HTMLResponse:
    """The form again: with a record more or less, or with the history that a verdict was for."""
    if "history" in fields:
        return form_page(carried(fields).model_dump(mode="json"))
    data = filled(SCHEMA, SCHEMA, "", fields)
    for name in fields.get("add", [])[:1]:  # a press of a button adds one record
        if SCHEMA["properties"].get(name, {}).get("type") == "array":
            data[name] = [*data.get(name, []), {}]
    return form_page(data)


@app.post("/", openapi_extra=form_of("account_id", "time_zone", "complete"))
def decide(fields: Fields) -> HTMLResponse:
    """The verdict, or the form again with what is wrong."""
    data = filled(SCHEMA, SCHEMA, "", fields)
    try:
        history = read_history(json.dumps(data), AccountHistory)
    except EligibilityError as error:
        return form_page(data, error)
    return verdict_page(history, evaluate(history))


@app.post("/answer", openapi_extra=form_of("history", "refinement", required=True))
def answer(fields: Fields) -> HTMLResponse:
    """The verdict with one more thing known."""
    refinement = parse_json(fields.get("refinement", [""])[0])
    if not isinstance(refinement, dict):
        raise InvalidHistory([Problem("wrong-type", "refinement", "It is no JSON object.")])
    history = refine(carried(fields), refinement)
    return verdict_page(history, evaluate(history))


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
    return page("This cannot be read", problems(error), status=status)


def page(title: str, *parts: Html, status: int = 200) -> HTMLResponse:
    """A page, with the standing notice on it."""
    words = {"title": escape(title), "notice": escape(NOTICE), "body": "".join(parts)}
    return HTMLResponse(Template(PAGE).substitute(words), status_code=status)


def problems(error: EligibilityError) -> Html:
    """What is wrong, all of it at once."""
    return tag("ul", *(tag("li", str(each), class_="wrong") for each in error.problems))


def form_page(data: Mapping[str, Any], error: EligibilityError | None = None) -> HTMLResponse:
    """The form, filled in as far as something is known."""
    if sum(len(each) for each in data.values() if isinstance(each, list)) > MOST_RECORDS:
        raise too_large(f"It lists more than {MOST_RECORDS:,} records.")
    wrong = {p.path: f"{p.message} {p.hint}" for p in error.problems} if error else {}
    first, last = (tag("button", "What follows from this?", class_=c) for c in ("first", "main"))
    asked = control(SCHEMA | {"title": "Your account"}, SCHEMA, "", data, wrong)
    form = tag("form", first, asked, last, method="post", action="/")  # the first one is Enter's
    told = [problems(error)] if error else []
    return page("What is known of your account", *told, form, status=422 if error else 200)


def interview_page(interview: Interview) -> HTMLResponse:
    """The next question of an interview, or its verdict."""
    if interview.question is not None:
        return page(TALK, *asked_page(interview, interview.question))
    history: Any = interview.history
    return verdict_page(history, interview.verdict, *open_page(interview))


def button(action: str, text: str, **hidden: str) -> Html:
    """A button that posts what it carries."""
    carried = (tag("input", type="hidden", name=k, value=v) for k, v in hidden.items())
    return tag("form", *carried, tag("button", text), method="post", action=action)


def verdict_page(history: AccountHistory, found: Verdict, *more: Html) -> HTMLResponse:
    """The status, the next question, why, and how far each clause got."""
    known, status = history.model_dump_json(), found.status.value
    supposed = ", supposing what the complaint alleges" if found.supposing else ""
    words = f"Under the default reading{supposed}: {status}"
    parts = [tag("p", words, class_=f"status {status}"), *more]
    for question in (
        () if more or found.supposing else found.questions[:1]
    ):  # where each answer leads is not shown: it would tempt
        answers = (
            button("/answer", a.text, history=known, refinement=json.dumps(dict(a.refinement)))
            for a in question.answers
        )
        parts.append(tag("section", tag("h2", "Next question"), tag("p", question.text), *answers))
    why = []
    for reason in found.reasons:
        facts = "; ".join(f"{e.path} ({e.source or 'no source given'})" for e in reason.evidence)
        about = (tag("small", text) for text in (str(reason.citation), facts))
        why.append(tag("li", reason.text, *about))
    head = tag("tr", tag("th", "One and the same message must meet"), tag("th", "So far"))
    rows = (tag("tr", tag("td", c.text), tag("td", c.truth.word)) for c in found.clauses)
    parts += [
        tag("h2", "Why"),
        tag("ul", *why),
        tag("h2", "Clause by clause"),
        tag("table", head, *rows),
    ]
    return page("What follows", *parts, button("/form", "Change what you said", history=known))
