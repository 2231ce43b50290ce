# ruff: noqa: D102, D103 - the names of tests say what they test
"""The intake app, through its HTTP interface. Every history here is fictional."""

import asyncio
import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from app import MOST_BYTES, MOST_POSTED, MOST_UPLOADED, app
from httpx import ASGITransport, AsyncClient, Response

from eligibility import AccountHistory, evaluate
from eligibility.rules import NOTICE, Reading, class_definition


class Client:
    """Sends requests to the app as a server would get them."""

    def request(self, method: str, path: str, **content: Any) -> Response:
        async def send() -> Response:
            async with AsyncClient(transport=ASGITransport(app), base_url="http://intake") as to:
                return await to.request(method, path, **content)

        return asyncio.run(send())

    def get(self, path: str) -> Response:
        return self.request("GET", path)

    def post(self, path: str, **content: Any) -> Response:
        return self.request("POST", path, **content)


client = Client()
ACCOUNT = {
    "account_id": "FICTIONAL-1",
    "premium": [{"id": "p1", "plan": "premium_career", "start": "2020", "end": ".."}],
    "messages": [
        {
            "id": "m1",
            "direction": "sent",
            "sent_at": "2023-05-04",
            "shared": True,
            "shared_at": "2024-03",
        }
    ],
    "complete": ["permissions"],
}


def shown(response: Response) -> str:
    """The text of a page, which must carry the standing notice."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    text = unescape(re.sub(r"<[^>]*>", "", response.text.partition("<body>")[2]))
    assert NOTICE in text
    return text


def test_json_in_json_out() -> None:
    response = client.post("/verdict", json=ACCOUNT)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.text == evaluate(AccountHistory.model_validate(ACCOUNT)).to_json()
    assert client.get("/schema/history").json()["title"] == "AccountHistory"


def test_the_query_chooses_the_reading() -> None:
    received = ACCOUNT | {"messages": [{"direction": "received"}], "complete": ["messages"]}
    response = client.post("/verdict?messages=sent", json=received)
    definition = class_definition(Reading.of(messages="sent"))
    assert response.json()["status"] == "ineligible"
    assert response.text == evaluate(AccountHistory.model_validate(received), definition).to_json()
    refused = client.post("/verdict?messages=all&mood=good", json=ACCOUNT)
    assert refused.status_code == 422
    codes = [each["code"] for each in refused.json()["problems"]]
    assert codes == ["query-parameter", "unknown-reading"]


# ---- what a service on the open net meets ----


def chunked(text: bytes, size: int) -> Any:
    """A body that comes in pieces, with no length announced."""

    async def pieces() -> Any:
        for at in range(0, len(text), size):
            yield text[at : at + size]

    return pieces()


REQUESTS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "a page": ("GET", "/", {}, 200),
    "JSON": ("POST", "/verdict", {"json": ACCOUNT}, 200),
    "the schema": ("GET", "/schema/history", {}, 200),
    "what cannot be read": ("POST", "/verdict", {"content": b"{"}, 422),
    "a screen": ("POST", "/", {"data": {"do": "begin"}}, 200),
    "what does not fit": ("POST", "/", {"data": {"do": "resume"}}, 422),
    "a check that is none": ("POST", "/", {"data": {"carried": "{}"}}, 422),
    "a reading that there is not": ("POST", "/verdict?messages=all", {"json": ACCOUNT}, 422),
    "too large": ("POST", "/verdict", {"content": b" " * (MOST_BYTES + 1)}, 413),
    "no such page": ("GET", "/nowhere", {}, 404),
    "no such method": ("DELETE", "/", {}, 405),
}


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_response_has_safe_headers(kind: str) -> None:
    method, path, content, status = REQUESTS[kind]
    response = client.request(method, path, **content)
    assert response.status_code == status
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"


def test_an_error_of_ours_has_safe_headers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.SelfCheck.start", fails)

    async def send() -> Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://intake") as to:
            return await to.get("/")

    response = asyncio.run(send())
    assert response.status_code == 500
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


def test_the_policy_allows_the_page_its_own_styles_and_the_page_needs_nothing_else() -> None:
    response = client.get("/")
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in response.headers["content-security-policy"]
    for page in (response, begun(), ended()):
        assert not re.search(r"<script|<img|<link|<iframe| style=| on[a-z]+=|url\(", page.text)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/verdict", MOST_BYTES), ("/", MOST_UPLOADED)],
)
@pytest.mark.parametrize("piece", [MOST_BYTES, 10_000])
def test_too_large_is_413_whether_its_length_is_announced_or_not(
    path: str, most: int, piece: int
) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"a" * (most + 1)
    for content in (body, chunked(body, piece)):
        response = client.post(path, content=content, headers=form)
        assert response.status_code == 413
        assert f"has more than {most:,} bytes" in response.text
    fits = client.post(path, content=chunked(b"a" * most, piece), headers=form)
    assert fits.status_code != 413


def listing(count: int) -> str:
    return json.dumps({"account_id": "x", "messages": [{}] * count})


def test_more_records_than_anybody_has_are_413() -> None:
    response = client.post("/verdict", content=listing(MOST_POSTED + 1))
    assert (response.status_code, "too-many-records" in response.text) == (413, True)


@pytest.mark.parametrize("length", ["9" * 5000, str(MOST_BYTES + 1), "-5"])
def test_an_announced_length_alone_is_enough_to_refuse_and_never_to_crash(length: str) -> None:
    headers = {"content-length": length}
    response = client.post("/verdict", content=chunked(b"{}", 1), headers=headers)
    assert response.status_code == (413 if length.isdecimal() else 422)


def test_the_routes_are_described_with_their_bodies() -> None:
    described = client.get("/openapi.json").json()
    bodies = {
        path: route["post"]["requestBody"]["content"]
        for path, route in described["paths"].items()
        if "post" in route
    }
    assert bodies.keys() >= {"/verdict", "/letter", "/interview", "/archive", "/"}
    schema = bodies["/verdict"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/AccountHistory"}
    schemas = described["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert named <= schemas.keys()
    assert "#/$defs" not in json.dumps(described)
    jsonschema = pytest.importorskip("jsonschema")  # it ships no types
    whole = {"$ref": "#/components/schemas/AccountHistory", "components": {"schemas": schemas}}
    validator = jsonschema.Draft202012Validator(whole)
    assert validator.is_valid(ACCOUNT)
    assert not validator.is_valid({"account_id": 5})
    assert set(bodies["/"]) == {"application/x-www-form-urlencoded", "multipart/form-data"}


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


# ---- the screens -------------------------------------------------------------------------------


def carried_by(page: Response) -> str:
    """The check that a page carries, in every form of it the same."""
    (carried,) = set(re.findall(r'name="carried" value="([^"]*)"', page.text))
    return unescape(carried)


def say(page: Response, **fields: Any) -> Response:
    return client.post("/", data={"carried": carried_by(page), **fields})


def begun() -> Response:
    return client.post("/", data={"do": "begin"})


def ended() -> Response:
    """The result of a fictional person who would fit the description."""
    page = begun()
    answers = [{"answer": "0"}, {"answer": "0"}, {"date": "March 2021"}, {"answer": "0"}]
    for each in [*answers, {"date": "2023"}, {"answer": "1"}]:
        page = say(page, do="continue", **each)
    assert "result eligible" in page.text
    return page


def test_a_check_goes_from_its_first_screen_to_its_result_and_back() -> None:
    asked = begun()
    assert asked.status_code == 200
    assert "Did you have LinkedIn Premium" in shown(asked)
    page = ended()
    assert "you would fit the description" in shown(page)
    assert "Did you allow LinkedIn" in shown(say(page, do="back"))


def test_what_does_not_fit_is_said_and_the_question_stays() -> None:
    page = say(say(begun(), answer="0"), answer="0")
    wrong = say(page, do="continue", date="long <b>ago")
    assert wrong.status_code == 422
    assert "We cannot read “long <b>ago” as a date" in shown(wrong)
    assert "<b>ago" not in wrong.text
    assert carried_by(wrong) == carried_by(page)


def test_a_page_carries_the_check_once() -> None:
    for page in (say(begun(), answer="0"), ended()):
        assert page.text.count('name="carried"') == 1


def test_an_export_is_read_before_anything_is_asked() -> None:
    archive = Path("examples/archive/ada-example-export.zip").read_bytes()
    files = {"archive": ("export.zip", archive, "application/zip")}
    asked = client.post("/", data={"do": "begin-archive"}, files=files)
    assert asked.status_code == 200
    assert json.loads(carried_by(asked))["history"]["messages"]
    broken = {"archive": ("export.zip", b"no zip", "application/zip")}
    assert client.post("/", data={"do": "begin-archive"}, files=broken).status_code == 422


@pytest.mark.parametrize("answers", [[], ["0"], ["1"]])
def test_what_was_saved_is_taken_up_where_it_stopped(answers: list[str]) -> None:
    page = begun()
    for each in answers:
        page = say(page, do="continue", answer=each)
    file = say(page, download="answers")
    assert file.headers["content-disposition"].startswith("attachment;")
    saved = {"saved": ("mine.json", file.content, "application/json")}
    assert client.post("/", data={"do": "resume"}, files=saved).text == page.text


def test_the_letter_and_the_verdict_can_be_taken_along() -> None:
    page = ended()
    letter = say(page, download="letter")
    assert letter.headers["content-type"].startswith("text/html")
    assert NOTICE in unescape(letter.text)
    assert say(page, download="verdict").json()["status"] == "indeterminate"
    assert say(page, download="verdict-supposing").json()["status"] == "eligible"
    assert "Did you have" in say(begun(), download="nothing").text


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "as you wish"), ("before_under", []), ("complete", ["messages", "premium"])],
)
def test_what_is_supposed_cannot_be_altered_by_whoever_posts_a_page(key: str, value: Any) -> None:
    carried = json.loads(carried_by(begun()))
    assert key in carried["supposing"]
    carried["supposing"][key] = value
    response = client.post("/", data={"carried": json.dumps(carried), "answer": "0"})
    assert response.status_code == 422
    assert 'name="answer"' not in response.text
    shown(response)


def test_a_form_of_more_fields_than_a_page_has_is_refused() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for body in ("&".join(["tick=1"] * 70_000), "&" * 900_000 + "do=begin"):
        response = client.post("/", content=body, headers=headers)
        assert (response.status_code, "more than 2,000 fields" in response.text) == (413, True)
