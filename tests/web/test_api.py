"""The router, through HTTP: every path, what it refuses, and what it leaves in no log."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any
from zipfile import ZipFile

import pytest
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.routing import APIRoute
from flo import FloHistory, flo_class
from httpx import ASGITransport, AsyncClient, Response

from eligibility import (
    AccountHistory,
    EligibilityError,
    evaluate,
    letter_page,
    read_history,
    survey,
    write_letter,
)
from eligibility.interview import Interview
from eligibility.linkedin import read_archive
from eligibility.rules import AS_ALLEGED, Reading, class_definition
from eligibility.verdict.document import VerdictDocument
from eligibility.verdict.record import Verdict
from eligibility.web import Bounds, eligibility_router
from eligibility.web.api import router as api_router
from eligibility.web.api.documents import SurveyDocument
from eligibility.web.api.operations import OWNER_HEADER
from eligibility.web.build import Page
from eligibility.web.serve import application

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPORT = (EXAMPLES / "archive" / "ada-example-export.zip").read_bytes()
ADA = (EXAMPLES / "histories" / "ada.json").read_bytes()
BEN = (EXAMPLES / "histories" / "ben.json").read_bytes()
SECRET = "Zsuzsanna-Kovacs-4711"
SMALL = Bounds(body=20_000, archive=50_000, records=50)


def app_of(*routers: Any) -> FastAPI:
    app = FastAPI()
    for router in routers or [eligibility_router()]:
        app.include_router(router)
    return app


APP, SMALL_APP = app_of(), app_of(eligibility_router(bounds=SMALL))
FLO = app_of(eligibility_router(flo_class()))


@contextmanager
def listening(app: FastAPI, log_level: str) -> Iterator[int]:
    """A server, and its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level=log_level))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def request(method: str, path: str, app: FastAPI = APP, **content: Any) -> Response:
    async def send() -> Response:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://api") as client:
            return await client.request(method, path, **content)

    return asyncio.run(send())


def post(path: str, content: Any = ADA, app: FastAPI = APP, **more: Any) -> Response:
    return request("POST", path, app, content=content, **more)


def problems(response: Response, status: int = 422) -> list[tuple[str, str]]:
    """The codes and paths of a refusal, which is problem details whatever it is about."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    data = response.json()
    assert set(data) == {"type", "title", "status", "detail", "problems"}
    assert data["status"] == status
    assert data["detail"]
    for each in data["problems"]:
        assert set(each) == {"code", "path", "message", "hint"}
    return [(each["code"], each["path"]) for each in data["problems"]]


# ---- a verdict ---------------------------------------------------------------------------------


def test_a_history_in_a_verdict_out() -> None:
    history = read_history(ADA)
    answer = post("/verdict")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == evaluate(history).to_json()
    supposed = post("/verdict?supposing=as-alleged&messages=sent&update_day=through")
    reading = class_definition(Reading.of(messages="sent", update_day="through"))
    assert supposed.text == evaluate(history, reading, supposing=AS_ALLEGED).to_json()
    VerdictDocument.model_validate(supposed.json())


def test_a_status_is_a_verdict_in_short() -> None:
    for query in ("", "?supposing=as-alleged"):
        whole, short = post(f"/verdict{query}").json(), post(f"/status{query}").json()
        for key in short.keys() - {"clauses"}:
            assert short[key] == whole[key]
        assert short["clauses"] == {each["id"]: each["truth"] for each in whole["clauses"]}
        assert list(short["clauses"]) == [each["id"] for each in whole["clauses"]]


def test_a_survey_is_over_every_reading() -> None:
    for query, supposing in (("", None), ("?supposing=as-alleged", AS_ALLEGED)):
        found = post(f"/survey{query}").json()
        assert found == json.loads(
            json.dumps(survey(read_history(ADA), supposing=supposing).to_dict())
        )
        SurveyDocument.model_validate(found)
    assert problems(post("/survey?messages=sent")) == [("query-parameter", "messages")]
    assert request("POST", "/survey", FLO).status_code == 404


@pytest.mark.parametrize("body", [ADA, BEN.ljust(5_000)], ids=["open", "decided, but long"])
def test_a_verdict_that_takes_long_keeps_nobody_waiting(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few records can take long to explain: the loop that serves goes on meanwhile.

    So it is of an open verdict, and of many records, whatever follows from them.
    """
    started, quick_was_served, written = Event(), Event(), Verdict.to_json

    def slow(verdict: Verdict) -> str:
        started.set()
        assert quick_was_served.wait(10)
        return written(verdict)

    async def both() -> list[int]:
        async with AsyncClient(transport=ASGITransport(APP), base_url="http://api") as client:
            verdict = asyncio.create_task(client.post("/verdict", content=body))
            while not started.is_set():
                await asyncio.sleep(0.01)
            other = await client.get("/definition")
            quick_was_served.set()
            return [other.status_code, (await verdict).status_code]

    monkeypatch.setattr(Verdict, "to_json", slow)
    assert asyncio.run(both()) == [200, 200]


@pytest.mark.parametrize("of_app", [True, False])
def test_what_the_app_depends_on_comes_first(of_app: bool) -> None:
    """A login that whoever mounts the router has put before it: nobody gets around it."""

    async def login(tenant: str, asked: Request) -> None:
        if asked.headers.get("authorization") != f"Bearer of {tenant}":
            raise HTTPException(401)

    depends = [Depends(login)]
    app = FastAPI(dependencies=depends) if of_app else FastAPI()
    app.include_router(
        eligibility_router(bounds=SMALL),
        prefix="/of/{tenant}",
        dependencies=[] if of_app else depends,
    )
    for route in eligibility_router().routes:
        assert isinstance(route, APIRoute)
        for method in route.methods:
            assert request(method, f"/of/me{route.path}", app, content=ADA).status_code == 401
    of = {"headers": {"authorization": "Bearer of me"}}
    assert post("/of/me/verdict", ADA, app, **of).json() == post("/verdict").json()
    assert post("/of/you/verdict", ADA, app, **of).status_code == 401
    assert problems(post("/of/me/verdict", b" " * 20_001, app, **of), 413) == [("too-large", "")]


def test_all_that_is_wrong_is_said_at_once() -> None:
    body = b'{"account_id": "A", "premium": [{"plan": "gold", "start": "2024-02-30"}], "x": 1}'
    path = "/verdict?messages=all&mood=good&supposing=nothing&messages=sent"
    assert sorted(problems(post(path, body))) == [
        ("moment-calendar", "premium[0].start"),
        ("not-in-vocabulary", "premium[0].plan"),
        ("query-parameter", "messages"),
        ("query-parameter", "mood"),
        ("query-parameter", "supposing"),
        ("unknown-key", "x"),
    ]
    assert problems(post("/verdict?messages=all")) == [("unknown-reading", "messages")]


@pytest.mark.parametrize("path", ["/verdict", "/letter", "/interview"])
@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (b"", "malformed-json", ""),
        (b"\xff", "not-unicode", ""),
        (b"[" * 20_000, "too-deep", ""),
        (b"[]", "wrong-type", ""),
        (b'{"account_id": "x", "account_id": "y"}', "duplicate-key", "account_id"),
        (b'{"account_id": "\\ud800"}', "not-unicode", "account_id"),
    ],
)
def test_a_body_that_is_no_history_is_refused_by_name(
    path: str, body: bytes, code: str, where: str
) -> None:
    assert problems(post(path, body)) == [(code, where)]


def test_a_history_with_no_world_is_refused() -> None:
    body = b'{"account_id": "x", "premium": [{"start": "2024", "end": "2023"}]}'
    assert problems(post("/verdict", body))[0][0] == "inconsistent"


# ---- bounds ------------------------------------------------------------------------------------


def in_pieces(text: bytes, size: int = 4_096) -> AsyncIterator[bytes]:
    """A body of which no length is announced."""

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(text), size):
            yield text[at : at + size]

    return pieces()


@pytest.mark.parametrize(
    "path", ["/verdict", "/letter", "/interview", "/interview/next", "/archive"]
)
def test_what_is_too_large_is_refused_while_it_comes(path: str) -> None:
    body = b" " * 60_000
    assert problems(post(path, body, SMALL_APP), 413) == [("too-large", "")]
    assert problems(post(path, in_pieces(body), SMALL_APP), 413) == [("too-large", "")]
    lying = {"content-length": "9" * 30}
    assert problems(post(path, in_pieces(b"{}"), SMALL_APP, headers=lying), 413) == [
        ("too-large", "")
    ]


@pytest.mark.parametrize("is_announced", [True, False])
def test_whoever_still_sends_too_much_gets_the_refusal(is_announced: bool) -> None:
    """They asked for the connection to be closed, as proxies do, which resets it."""
    much = bytes(20 * 1024 * 1024)  # more than systems keep for who does not read it
    body = much if is_announced else iter([much])
    with listening(SMALL_APP, "error") as port:
        connection = HTTPConnection("127.0.0.1", port)
        headers = {"connection": "close"}
        connection.request("POST", "/archive", body, headers, encode_chunked=not is_announced)
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["problems"][0]["code"] == "too-large"
        connection.close()


def test_what_was_refused_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eligibility.web.api.problems._PATIENCE", 0.05)
    told: list[str] = []

    async def receive() -> dict[str, Any]:
        told.append("more")
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Any) -> None:
        told.append("goes on" if message.get("more_body") else message["type"])

    named = [(b"content-length", b"60000")]
    scope = {"type": "http", "method": "POST", "path": "/archive", "headers": named}
    scope |= {"query_string": b"", "root_path": ""}
    asyncio.run(SMALL_APP(scope, receive, send))
    assert told[:2] == ["http.response.start", "goes on"]  # answered before anything is read
    assert told[-1] == "http.response.body"
    assert set(told[2:-1]) == {"more"}


def test_a_body_without_an_end_is_read_no_further_than_the_bound() -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10_000_000:
            read += 1_000
            yield b" " * 1_000

    assert problems(post("/verdict", endless(), SMALL_APP), 413) == [("too-large", "")]
    assert read <= 22_000


def test_records_are_bounded_too() -> None:
    many = json.dumps({"account_id": "x", "messages": [{}] * 51})
    assert problems(post("/verdict", many, SMALL_APP), 413) == [("too-many-records", "")]


def test_a_large_history_is_decided_aside() -> None:
    messages = [{"id": f"m{n}", "inmail": False, "sent_at": "2023"} for n in range(2_000)]
    body = {"account_id": "x", "messages": messages, "complete": ["messages"]}
    assert post("/verdict", json.dumps(body)).json()["status"] == "ineligible"


@pytest.mark.parametrize("size", [1, 200])
def test_an_open_history_goes_to_one_thread_once(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small one is decided before it goes there, to be explained; a large one from the start."""
    run, seen = api_router.run_in_threadpool, []

    async def counted(step: Any, *args: Any) -> Any:
        seen.append(step)
        return await run(step, *args)

    monkeypatch.setattr(api_router, "run_in_threadpool", counted)
    messages = [{"id": f"m{n}", "inmail": False, "sent_at": "2023"} for n in range(size)]
    body = {"account_id": "x", "messages": messages}
    assert post("/verdict", json.dumps(body)).json()["status"] == "indeterminate"
    assert len(seen) == 1


# ---- an interview ------------------------------------------------------------------------------


def test_an_interview_is_the_same_over_http() -> None:
    start = AccountHistory(account_id="A-1")
    mine = Interview.start(start, class_definition(), supposing=AS_ALLEGED)
    answer = post("/interview?supposing=as-alleged", b'{"account_id": "A-1"}').json()
    said: list[dict[str, Any]] = [
        {"chosen": [0]}, {"undo": True}, {"chosen": [0]}, {"dont_know": True},
    ]  # fmt: skip
    steps = [
        lambda i: i.answer(0), lambda i: i.undo(), lambda i: i.answer(0), lambda i: i.dont_know(),
    ]  # fmt: skip
    for say, step in zip(said, steps, strict=True):
        assert answer["interview"] == json.loads(mine.to_json())
        assert answer["question"] == json.loads(json.dumps(mine.question.to_dict()))
        assert answer["verdict"] is None
        mine = step(mine)
        body = {"interview": answer["interview"], "say": say}
        answer = post("/interview/next", json.dumps(body)).json()
    first = mine.replies[0].question
    changed = {"interview": answer["interview"], "say": {"change": first}}
    assert post("/interview/next", json.dumps(changed)).json()["question"]["id"] == first
    while mine.question is not None:
        mine = mine.dont_know()
        body = {"interview": answer["interview"], "say": {"dont_know": True}}
        answer = post("/interview/next", json.dumps(body)).json()
    assert answer["question"] is None
    assert answer["verdict"] == mine.verdict.to_dict()
    assert [each["text"] for each in answer["open"]] == [each.text for each in mine.open]
    again = post("/interview/next", json.dumps({"interview": answer["interview"]})).json()
    assert again == answer


def saved(**changes: Any) -> dict[str, Any]:
    begun = Interview.start(AccountHistory(account_id="A-1"), class_definition())
    return {**json.loads(begun.to_json()), **changes}


@pytest.mark.parametrize(
    ("say", "words"),
    [
        ({"chosen": ["0"]}, "This must be a whole number, not the text `0`."),
        ({"chosen": [True]}, "This must be a whole number, not `true`."),
        ({"dont_know": False}, "`false` is not one of these: true."),
    ],
)
def test_what_is_said_wrongly_is_told_in_words_of_json(say: dict[str, Any], words: str) -> None:
    answer = post("/interview/next", json.dumps({"interview": saved(), "say": say})).json()
    assert [each["message"] for each in answer["problems"]] == [words]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([], [("wrong-type", "")]),
        ({"more": 1}, [("unknown-key", "more"), ("missing", "interview")]),
        ({"interview": []}, [("wrong-type", "interview")]),
        ({"interview": {}}, [("not-an-interview", "interview.knower")]),
        ({"interview": saved(knower="judge")}, [("not-an-interview", "interview.knower")]),
        (
            {"interview": saved(supposing={"name": "as-alleged", "text": "all is due"})},
            [("not-an-interview", "interview.supposing")],
        ),
        ({"interview": saved(), "say": {}}, [("wrong-type", "say")]),
        ({"interview": saved(), "say": {"chosen": [0], "date": "2023"}}, [("wrong-type", "say")]),
        ({"interview": saved(), "say": {"chosen": ["0"]}}, [("wrong-type", "say.chosen[0]")]),
        ({"interview": saved(), "say": {"chosen": [9]}}, [("no-such-answer", "")]),
        ({"interview": saved(), "say": {"date": "soon"}}, [("no-such-answer", "")]),
        ({"interview": saved(definition="0" * 64)}, [("not-an-interview", "definition")]),
        (
            {"interview": saved(replies=[{"question": "?", "text": "", "dont_know": True}])},
            [("no-question", "")],
        ),
        ({"interview": saved(replies=[{"question": "?", "text": ""}])}, [("not-an-interview", "")]),
        ({"interview": saved(likely=["a[[["])}, [("not-an-interview", "")]),
    ],
)
def test_an_interview_that_was_altered_is_refused(body: Any, found: list[tuple[str, str]]) -> None:
    assert sorted(problems(post("/interview/next", json.dumps(body)))) == sorted(found)


# ---- an archive, a letter, the definition, schemas ---------------------------------------------


def test_an_archive_becomes_a_history_that_can_be_sent_on() -> None:
    answer = post("/archive", EXPORT, headers={"content-type": "application/zip"}).json()
    reading = read_archive(EXPORT)
    assert read_history(json.dumps(answer["history"])) == reading.history
    assert answer["report"] == json.loads(json.dumps(reading.report.to_dict()))
    assert post("/verdict", json.dumps(answer["history"])).status_code == 200


def test_hints_of_an_archive_say_which_records_an_interview_offers_first() -> None:
    read = post("/archive", EXPORT).json()
    likely = [path for each in read["report"]["hints"] for path in each["paths"]]
    assert likely
    asked = post("/interview", json.dumps(read["history"])).json()["interview"]
    asked["likely"] = likely
    answer = post("/interview/next", json.dumps({"interview": asked})).json()
    reading = read_archive(EXPORT)
    mine = Interview.start(reading.history, class_definition(), likely=likely)
    assert answer["interview"] == json.loads(mine.to_json())


def test_an_archive_in_a_form_is_not_taken() -> None:
    answer = post("/archive", EXPORT, headers={"content-type": "multipart/form-data; boundary=x"})
    assert problems(answer) == [("archive-not-a-zip", "")]
    assert "--data-binary" in answer.json()["problems"][0]["hint"]


def test_an_archive_that_cannot_be_read_is_refused() -> None:
    assert problems(post("/archive", b"PK, but no more")) == [("archive-not-a-zip", "")]
    assert problems(post("/archive?time_zone=Mars", EXPORT)) == [("unknown-zone", "time_zone")]
    bomb = BytesIO()
    with ZipFile(bomb, "w") as made:
        for number in range(2_100):
            made.writestr(f"{number}.csv", "")
    assert problems(post("/archive", bomb.getvalue())) == [("archive-too-many-entries", "")]


def test_a_letter_in_each_form() -> None:
    letter = write_letter(read_history(ADA))
    page = post("/letter")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == letter_page(letter)
    assert "content-security-policy" not in page.headers
    assert post("/letter?form=json").json() == letter.to_dict()
    pdf = post("/letter?form=pdf&supposing=as-alleged")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert problems(post("/letter?form=doc")) == [("query-parameter", "form")]


def test_a_letter_that_this_server_cannot_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    assert problems(post("/letter?form=pdf"), 501) == [("missing-extra", "")]


def test_the_definition_and_the_schemas() -> None:
    found = request("GET", "/definition?exclusions=customary").json()
    definition = class_definition(Reading.of(exclusions="customary"))
    assert found["digest"] == definition.digest
    assert [each["id"] for each in found["clauses"]] == [each.id for each in definition.clauses]
    assert len(found["exclusions"]) == 6
    assert found["readings"]["messages"] == ["sent-or-received", "sent"]
    assert [each["name"] for each in found["suppositions"]] == ["as-alleged"]
    assert request("GET", "/schema/history").json()["title"] == "AccountHistory"
    assert request("GET", "/schema/verdict").json()["title"] == "VerdictDocument"
    assert problems(request("GET", "/schema/verdict?x=1")) == [("query-parameter", "x")]
    assert request("GET", "/definition", content=b"x" * 100).status_code == 200  # it is not read


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_refused_as_a_problem(method: str) -> None:
    """FastAPI's own answer is none, and may be cached, framed or taken for something else."""
    for path, taken in (("/verdict", "POST"), ("/definition", "GET, HEAD")):
        answer = request(method, path)
        if method in taken.split(", "):
            assert answer.status_code in (200, 422)
            continue
        assert (answer.status_code, answer.headers["allow"]) == (405, taken)
        assert answer.headers["cache-control"] == "no-store"
        if method != "HEAD":  # which has no body
            assert problems(answer, 405) == [("wrong-method", "")]


def test_another_definition_has_what_it_has_and_no_more() -> None:
    history = (EXAMPLES / "second_case" / "moved.json").read_bytes()
    answer = post("/verdict", history, FLO)
    assert answer.text == evaluate(read_history(history, FloHistory), flo_class()).to_json()
    assert post("/letter", history, FLO).status_code == 200
    assert post("/interview", b'{"account_id": "F"}', FLO).json()["question"]["kind"]
    assert problems(post("/verdict?supposing=as-alleged", history, FLO)) == [
        ("query-parameter", "supposing")
    ]
    assert problems(post("/verdict?messages=sent", history, FLO)) == [
        ("query-parameter", "messages")
    ]
    assert request("POST", "/archive", FLO).status_code == 404
    both = app_of(eligibility_router(class_definition(Reading.of(messages="sent"))))
    reading = VerdictDocument.model_validate(post("/verdict", ADA, both).json()).reading
    assert reading["messages"] == "sent"
    with pytest.raises(EligibilityError):
        eligibility_router("a definition")  # type: ignore[arg-type]  # that is what is tried


def test_the_page_is_served_with_the_api_beside_it() -> None:
    page = Page(b"<p>the page</p>", "", "", "default-src 'none'")
    served = application(page, flo_class())

    def to(host: str, method: str, path: str, **content: Any) -> Response:
        return request(method, path, served, headers={"host": host}, **content)

    assert to("127.0.0.1", "GET", "/").content == page.content
    answer = to("127.0.0.1", "POST", "/verdict", content=b'{"account_id": "F-1"}')
    assert answer.json()["definition"]["id"] == "frasco-v-flo-health"
    assert to("127.0.0.1", "GET", "/docs").status_code == 404  # it would load scripts
    assert to("evil.example", "POST", "/verdict", content=b"{}").status_code == 400


# ---- no word of anybody's in a log -------------------------------------------------------------


def test_no_word_that_was_sent_stands_in_a_log(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    history = {"account_id": SECRET, "premium": [{"id": SECRET, "source": SECRET}]}
    export = BytesIO()
    with ZipFile(export, "w") as made:
        made.writestr("messages.csv", f"CONVERSATION ID,FROM,TO,DATE\n1,{SECRET},x,{SECRET}\n")
        made.writestr(f"{SECRET}.csv", SECRET)
    for path, body in (
        ("/verdict", json.dumps(history)),
        ("/letter?form=pdf", json.dumps(history)),
        ("/interview", json.dumps(history)),
        ("/interview/next", json.dumps({"interview": saved(account_id=SECRET), "say": SECRET})),
        ("/verdict", json.dumps({**history, SECRET: SECRET})),
        ("/verdict", f'{{"account_id": "{SECRET}'),
        ("/archive", export.getvalue()),
        ("/archive", SECRET.encode()),
    ):
        assert post(path, body, headers={"x-owner-profile-url": SECRET}).status_code < 500

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET) from ValueError(SECRET)

    monkeypatch.setattr("eligibility.web.api.operations.evaluate", fails)
    assert problems(post("/verdict", json.dumps(history)), 500) == [("server-failed", "")]
    assert "RuntimeError at " in caplog.text  # so the log is looked into
    assert SECRET not in caplog.text
    out, err = capfd.readouterr()
    assert SECRET not in out + err


def test_nor_in_those_of_a_server_that_logs_all_it_can(capfd: pytest.CaptureFixture[str]) -> None:
    with listening(APP, "trace") as port:
        for path, body in (
            ("/verdict", f'{{"account_id": "{SECRET}", "{SECRET}": 1}}'),
            ("/archive", SECRET),
        ):
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("POST", path, body, {"x-owner-profile-url": SECRET})
            assert connection.getresponse().status == 422
            connection.close()
    out, err = capfd.readouterr()
    assert '"POST /archive HTTP/1.1" 422' in out + err  # so it does log
    assert SECRET not in (out + err).replace(OWNER_HEADER, "")
