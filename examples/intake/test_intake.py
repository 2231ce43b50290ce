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
from app import MOST_BYTES, MOST_POSTED, MOST_RECORDS, app
from httpx import ASGITransport, AsyncClient, Response

from eligibility import AccountHistory, evaluate, read_history, refine
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
FIELDS = {
    "account_id": "FICTIONAL-1",
    "time_zone": "America/Los_Angeles",
    "premium[0]": "",
    "premium[0].id": "p1",
    "premium[0].plan": "premium_career",
    "premium[0].start": "2020",
    "premium[0].end": "..",
    "messages[0]": "",
    "messages[0].id": "m1",
    "messages[0].inmail": "",
    "messages[0].direction": "sent",
    "messages[0].sent_at": " 2023-05-04 ",
    "messages[0].shared": "true",
    "messages[0].shared_at": "2024-03",
    "exclusions.counsel": "false",
    "complete": "permissions",
}


def shown(response: Response) -> str:
    """The text of a page, which must carry the standing notice."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    text = unescape(re.sub(r"<[^>]*>", "", response.text.partition("<body>")[2]))
    assert NOTICE in text
    return text


def hidden(response: Response) -> list[dict[str, str]]:
    """What each button of a page carries."""
    forms = re.findall(r"<form.*?</form>", response.text, re.DOTALL)
    found = []
    for form in forms:
        inputs = re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', form)
        found.append({name: unescape(value) for name, value in inputs})
    return found


def test_the_form_has_a_control_for_everything_that_can_be_said() -> None:
    empty = client.get("/form")
    assert empty.status_code == 200
    assert {"Account", "Premium subscriptions", "Counsel in the case?"} <= set(
        map(str.strip, re.findall(r">([^<]+)<", empty.text))
    )
    names = set(re.findall(r' name="([^"]+)"', client.post("/form", data=FIELDS).text))
    record = {
        f"messages[0].{key}"
        for key in AccountHistory(account_id="x", messages=[{}]).model_dump()["messages"][0]
    }
    exclusions = {
        f"exclusions.{key}" for key in AccountHistory(account_id="x").model_dump()["exclusions"]
    }
    assert record | exclusions | {"account_id", "time_zone", "complete", "premium[0].plan"} <= names
    assert "schema_version" not in names
    shown(empty)


def test_unknown_is_what_a_select_says_first() -> None:
    page = client.post("/form", data={"add": "messages"}).text
    select = re.search(r'<select name="messages\[0\]\.shared".*?</select>', page, re.DOTALL)
    assert select
    assert re.findall(r'<option value="(\w*)"', select[0]) == ["", "true", "false"]
    assert "selected" not in select[0]


def test_records_are_added_and_removed_and_what_was_said_stays() -> None:
    more = client.post("/form", data=FIELDS | {"add": "messages"}).text
    assert 'name="messages[1].sent_at"' in more
    assert 'value="2023-05-04"' in more
    assert re.search(r'value="permissions" checked', more)
    assert re.search(r'<option value="premium_career" selected', more)
    fewer = client.post("/form", data=FIELDS | {"remove": "messages[0]"}).text
    assert "messages[0]" not in fewer
    assert 'name="premium[0].start"' in fewer
    shifted = FIELDS | {"messages[1]": "", "messages[1].id": "m2", "remove": "messages[0]"}
    page = client.post("/form", data=shifted).text
    assert re.search(r'name="messages\[0\]\.id"[^>]* value="m2"', page)


def test_the_form_leads_to_the_verdict_of_the_library() -> None:
    response = client.post("/", data=FIELDS)
    assert response.status_code == 200
    expected = evaluate(AccountHistory.model_validate(ACCOUNT | {"exclusions": {"counsel": False}}))
    text = shown(response)
    assert f"Under the default reading: {expected.status.value}" in text
    for reason in expected.reasons:
        assert reason.text in text
        assert str(reason.citation) in text
    assert expected.questions[0].text in text
    history = json.loads(hidden(response)[-1]["history"])
    assert AccountHistory.model_validate(history) == expected.history


def test_following_the_answers_decides_it() -> None:
    response = client.post("/", data=FIELDS)
    seen = set()
    for _ in range(20):
        button = next((b for b in hidden(response) if "refinement" in b), None)
        if button is None:
            break
        known = read_history(button["history"], AccountHistory)
        expected = evaluate(refine(known, json.loads(button["refinement"])))
        response = client.post("/answer", data=button)
        text = shown(response)
        assert f"Under the default reading: {expected.status.value}" in text
        seen.add(expected.status.value)
    assert "eligible" in seen
    assert "Next question" not in text


def test_a_decided_verdict_asks_nothing_and_names_its_evidence() -> None:
    said = FIELDS | {"messages[0].inmail": "true", "messages[0].source": "attested"}
    text = shown(client.post("/", data=said))
    assert "Under the default reading: eligible" in text
    assert "messages[0].shared_at (attested)" in text
    assert "Next question" not in text


def test_what_was_said_can_be_changed() -> None:
    back = hidden(client.post("/", data=FIELDS))[-1]
    page = client.post("/form", data=back)
    assert page.status_code == 200
    assert 'value="2023-05-04"' in page.text
    assert re.search(r'<option value="false" selected', page.text)


def test_a_form_that_cannot_be_read_comes_back_with_every_problem() -> None:
    wrong = FIELDS | {"messages[0].sent_at": "last <b>May</b>", "premium[0].plan": "gold"}
    response = client.post("/", data=wrong | {"account_id": ""})
    assert response.status_code == 422
    text = shown(response)
    for words in ("account_id", "[missing]", "messages[0].sent_at", "[moment-notation]"):
        assert words in text
    assert "[not-in-vocabulary]" in text
    assert "<b>May" not in response.text
    assert 'value="last &lt;b&gt;May&lt;/b&gt;"' in response.text


def test_an_inconsistent_form_gets_no_status() -> None:
    response = client.post("/", data=FIELDS | {"premium[0].end": "2019"})
    assert response.status_code == 422
    assert "[inconsistent]" in shown(response)
    assert "Under the default reading" not in response.text


@pytest.mark.parametrize(
    "place", ["account_id", "messages[0].source", "messages[0].id", "time_zone"]
)
def test_nothing_that_was_put_in_runs(place: str) -> None:
    attack = "\"><script>alert('x')</script>$title"
    for way in ("/", "/form"):
        response = client.post(way, data=FIELDS | {place: attack})
        assert "<script" not in response.text
        assert response.status_code in {200, 422}


def test_json_in_json_out() -> None:
    response = client.post("/verdict", json=ACCOUNT)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.text == evaluate(AccountHistory.model_validate(ACCOUNT)).to_json()
    assert client.get("/schema").json() == AccountHistory.model_json_schema()


def test_the_query_chooses_the_reading() -> None:
    received = ACCOUNT | {"messages": [{"direction": "received"}], "complete": ["messages"]}
    response = client.post("/verdict?messages=sent", json=received)
    definition = class_definition(Reading.of(messages="sent"))
    assert response.json()["status"] == "ineligible"
    assert response.text == evaluate(AccountHistory.model_validate(received), definition).to_json()
    refused = client.post("/verdict?messages=all&mood=good", json=ACCOUNT)
    assert refused.status_code == 422
    assert [p["code"] for p in refused.json()["problems"]] == ["unknown-reading"] * 2


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b"", "malformed-json", ""),
        (b"{", "malformed-json", ""),
        (b"\xff", "not-unicode", ""),
        (b"[" * 100_000, "too-deep", ""),
        (b"[]", "wrong-type", ""),
        (b'{"account_id": "\\ud800"}', "not-unicode", "account_id"),
        (b'{"account_id": "x", "account_id": "y"}', "duplicate-key", "account_id"),
        (b'{"account_id": "x", "name": "y"}', "unknown-key", "name"),
        (b'{"account_id": "x", "messages": [{"sent_at": 5}]}', "wrong-type", "messages[0].sent_at"),
        (
            b'{"account_id": "x", "messages": [{"sent_at": "2024-02-30"}]}',
            "moment-calendar",
            "messages[0].sent_at",
        ),
        (b'{"account_id": "' + b"x" * MOST_BYTES + b'"}', "too-large", ""),
    ],
)
def test_json_that_cannot_be_read_is_refused_by_name(body: bytes, code: str, path: str) -> None:
    response = client.post("/verdict", content=body)
    assert response.status_code == (413 if code == "too-large" else 422)
    problems = response.json()["problems"]
    assert [(p["code"], p["path"]) for p in problems] == [(code, path)]
    assert set(problems[0]) == {"code", "path", "message", "hint"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"history": "{}"},
        {"history": '{"account_id": "x"}'},
        {"history": '{"account_id": "x"}', "refinement": "[]"},
        {"history": '{"account_id": "x"}', "refinement": '{"messages[7].shared": true}'},
        {
            "history": '{"account_id": "x", "complete": ["messages"]}',
            "refinement": '{"messages[0]": {}}',
        },
    ],
)
def test_an_answer_to_nothing_is_refused(fields: dict[str, str]) -> None:
    response = client.post("/answer", data=fields)
    assert response.status_code == 422
    assert "This cannot be read" in shown(response)


def test_nothing_is_kept_between_requests() -> None:
    before = client.get("/form").text
    client.post("/", data=FIELDS)
    assert client.get("/form").text == before


@pytest.mark.parametrize("name", ["exclusions", "time_zone", "nothing", "complete.x"])
def test_only_lists_get_one_more_record(name: str) -> None:
    assert client.post("/form", data={"add": name}).status_code == 200


def test_an_answer_that_is_none_is_refused_and_no_traceback() -> None:
    history = json.dumps({"account_id": "A-1001"})
    for refinement in ({"messages[0]": 5, "messages[0].inmail": True}, {"complete.premium": "no"}):
        data = {"history": history, "refinement": json.dumps(refinement)}
        assert client.post("/answer", data=data).status_code == 422


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
    "the schema": ("GET", "/schema", {}, 200),
    "what cannot be read": ("POST", "/verdict", {"content": b"{"}, 422),
    "a form that cannot be read": ("POST", "/", {"data": {}}, 422),
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

    monkeypatch.setattr("app.evaluate", fails)

    async def send() -> Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://intake") as to:
            return await to.post("/verdict", json=ACCOUNT)

    response = asyncio.run(send())
    assert response.status_code == 500
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


def test_the_policy_allows_the_page_its_own_styles_and_the_page_needs_nothing_else() -> None:
    response = client.get("/form")
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in response.headers["content-security-policy"]
    assert not re.search(r"<script|<img|<link|<iframe| style=| on[a-z]+=|url\(", response.text)


@pytest.mark.parametrize("path", ["/verdict", "/", "/form", "/answer"])
@pytest.mark.parametrize("piece", [MOST_BYTES, 1000])
def test_too_large_is_413_whether_its_length_is_announced_or_not(path: str, piece: int) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"a" * (MOST_BYTES + 1)
    for content in (body, chunked(body, piece)):
        response = client.post(path, content=content, headers=form)
        assert response.status_code == 413
        assert "too-large" in response.text
    fits = client.post(path, content=chunked(b"a" * MOST_BYTES, piece), headers=form)
    assert fits.status_code != 413


def listing(count: int) -> str:
    return json.dumps({"account_id": "x", "messages": [{}] * count})


def test_more_records_than_anybody_has_are_413() -> None:
    response = client.post("/verdict", content=listing(MOST_POSTED + 1))
    assert (response.status_code, "too-many-records" in response.text) == (413, True)
    for path, more in (("/form", {}), ("/answer", {"refinement": "{}"})):
        response = client.post(path, data={"history": listing(MOST_RECORDS + 1), **more})
        assert (response.status_code, "too-many-records" in response.text) == (413, True), path
        response = client.post(path, data={"history": listing(MOST_RECORDS), **more})
        assert response.status_code == 200, path


@pytest.mark.parametrize("length", ["9" * 5000, str(MOST_BYTES + 1), "-5"])
def test_an_announced_length_alone_is_enough_to_refuse_and_never_to_crash(length: str) -> None:
    headers = {"content-length": length}
    response = client.post("/verdict", content=chunked(b"{}", 1), headers=headers)
    assert response.status_code == (413 if length.isdecimal() else 422)


@pytest.mark.parametrize(
    "body",
    [
        "&".join(["add=messages"] * 70_000),
        "&".join(f"messages[{at}]=" for at in range(50_000)),
        "&".join(f"remove=messages[{at}]" for at in range(40_000)),
        "&".join(f"a{at}=" for at in range(100_000)),
        "&" * 900_000 + "add=messages",
        "&".join(f"messages[{at}]=" for at in range(MOST_RECORDS + 1)),
        "history=" + json.dumps({"account_id": "F", "messages": [{}] * (MOST_RECORDS + 1)}),
    ],
    ids=["add", "records", "remove", "fields", "separators", "too many records", "a history"],
)
def test_a_form_of_more_than_anybody_fills_in_is_refused(body: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post("/form", content=body, headers=headers)
    assert len(body) < MOST_BYTES
    assert response.status_code == 413
    assert len(response.content) < 10_000


def test_a_press_of_a_button_adds_one_record() -> None:
    page = client.post("/form", data={"add": ["messages"] * 50}).text
    assert 'name="messages[0]"' in page
    assert 'name="messages[1]"' not in page


def test_the_routes_are_described_with_their_bodies() -> None:
    described = client.get("/openapi.json").json()
    bodies = {
        path: route["post"]["requestBody"]["content"]
        for path, route in described["paths"].items()
        if "post" in route
    }
    assert set(bodies) == {"/verdict", "/", "/form", "/answer", "/begin", "/say"}
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
    answer = bodies["/answer"]["application/x-www-form-urlencoded"]["schema"]
    assert answer["required"] == ["history", "refinement"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


# ---- the interview -----------------------------------------------------------------------------


def interview_of(page: Response) -> str:
    """The interview that a page carries."""
    carried = re.search(r'name="interview" value="([^"]*)"', page.text)
    assert carried is not None
    return unescape(carried[1])


def say(page: Response, **fields: Any) -> Response:
    return client.post("/say", data={"interview": interview_of(page), **fields})


def test_the_first_page_asks_for_the_export_and_for_no_zone() -> None:
    first = client.get("/").text
    assert "data export" in first
    assert "zone" not in first
    assert "America/" not in first
    assert NOTICE.partition(".")[0] in unescape(first)


def test_an_interview_ends_in_a_verdict_and_can_go_back() -> None:
    asked = client.post("/begin")
    assert "Did you have LinkedIn Premium" in asked.text
    asked = say(say(asked, say="0"), say="0")
    assert "When did your Premium begin?" in asked.text
    wrong = say(asked, say="date", date="long ago")
    assert (wrong.status_code, "is not a moment" in wrong.text) == (422, True)
    ended = say(say(say(asked, say="back"), say="back"), say="1")
    assert "ineligible" in ended.text
    assert "supposing what the complaint alleges" in ended.text


def test_whoever_knows_nothing_is_told_who_could_know() -> None:
    page = client.post("/begin")
    while 'name="say"' in page.text:
        page = say(page, say="unknown")
    assert "indeterminate" in page.text
    assert "LinkedIn may know" in page.text


def test_an_export_is_read_before_anything_is_asked() -> None:
    archive = Path("examples/archive/ada-example-export.zip").read_bytes()
    asked = client.post("/begin", files={"archive": ("export.zip", archive, "application/zip")})
    assert asked.status_code == 200
    carried = unescape(re.search(r'name="interview" value="([^"]*)"', asked.text)[1])  # type: ignore[index]  # it is there
    assert json.loads(carried)["history"]["messages"]
    broken = client.post("/begin", files={"archive": ("export.zip", b"no zip", "application/zip")})
    assert broken.status_code == 422


def test_an_answer_that_is_not_there_is_refused() -> None:
    page = client.post("/begin")
    assert say(page, say="7").status_code == 422
    assert client.post("/say", data={"say": "0"}).status_code == 422


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "as you wish"),
        ("text", "Everything is so."),
        ("before", 1_900_000_000_000_000),
        ("before", "2030-01-01"),
        ("before_under", []),
        ("list", "premium"),
        ("list", "nothing"),
        ("unless", ["inmail", None]),
        ("when", "shared_at"),
        ("fact", "inmail"),
        ("then", "nothing"),
        ("complete", ["messages", "premium", "permissions"]),
        ("citation", {"locator": "another", "quote": "Everything is so."}),
    ],
)
def test_what_is_supposed_cannot_be_altered_by_whoever_posts_a_page(key: str, value: Any) -> None:
    carried = json.loads(interview_of(client.post("/begin")))
    assert key in carried["supposing"]
    carried["supposing"][key] = value
    response = client.post("/say", data={"interview": json.dumps(carried), "say": "0"})
    assert response.status_code == 422
    assert 'name="say"' not in response.text
    shown(response)


@pytest.mark.parametrize("knower", ["defendant", "papers", "anybody", ""])
def test_nobody_but_the_claimant_is_asked(knower: str) -> None:
    carried = json.loads(interview_of(client.post("/begin"))) | {"knower": knower}
    response = client.post("/say", data={"interview": json.dumps(carried), "say": "0"})
    assert response.status_code == 422
    assert 'name="say"' not in response.text


def test_an_interview_may_suppose_nothing() -> None:
    carried = json.loads(interview_of(client.post("/begin"))) | {"supposing": None}
    response = client.post("/say", data={"interview": json.dumps(carried), "say": "0"})
    assert response.status_code == 200
