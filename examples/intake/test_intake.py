# ruff: noqa: D102, D103 - the names of tests say what they test
"""The intake app, through its HTTP interface. Every history here is fictional."""

import asyncio
import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from app import MOST_BYTES, MOST_POSTED, MOST_UPLOADED, app
from httpx import ASGITransport, AsyncClient, Response

from eligibility import AccountHistory, evaluate
from eligibility.interview import Interview
from eligibility.rules import AS_ALLEGED, NOTICE, Reading, class_definition


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
    "an interview that is none": ("POST", "/say", {"data": {}}, 422),
    "a file": ("POST", "/save", {"data": {"interview": "{}"}}, 422),
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
    response = client.post("/begin")
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in response.headers["content-security-policy"]
    assert not re.search(r"<script|<img|<link|<iframe| style=| on[a-z]+=|url\(", response.text)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/verdict", MOST_BYTES), *((each, MOST_UPLOADED) for each in ("/say", "/save", "/begin"))],
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
        assert "too-large" in response.text
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
    assert set(bodies) == {"/verdict", "/begin", "/say", "/save"}
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
    said = bodies["/say"]["application/x-www-form-urlencoded"]["schema"]
    assert said["required"] == ["interview"]


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
    assert wrong.status_code == 422
    assert "When did your Premium begin?" in wrong.text
    ended = say(say(say(asked, say="back"), say="back"), say="1")
    assert "ineligible" in ended.text
    assert "supposing what the complaint alleges" in ended.text
    again = say(ended, say="back")
    assert "Did you have LinkedIn Premium" in again.text


def test_whoever_knows_nothing_is_told_who_could_know() -> None:
    page = client.post("/begin")
    while 'value="unknown"' in page.text:
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


def zipped(name: str, text: str) -> bytes:
    """An export of one file."""
    archive = BytesIO()
    with ZipFile(archive, "w") as writing:
        writing.writestr(name, text)
    return archive.getvalue()


def test_what_of_an_export_cannot_be_read_is_said() -> None:
    archive = zipped("messages.csv", "one,two\n1,2\n")
    asked = client.post("/begin", files={"archive": ("export.zip", archive)})
    assert asked.status_code == 200
    assert "Some of your export could not be read." in shown(asked)
    assert "messages.csv" in shown(asked)
    assert "could not be read" not in shown(say(asked, say="unknown"))


def test_an_answer_that_is_not_there_is_refused() -> None:
    page = client.post("/begin")
    for pressed in (
        {"say": "7"},
        {"say": "x"},
        {"say": "-1"},
        {"change": "nothing"},
        {"change": "#"},
        {},
    ):
        response = say(page, **pressed)
        assert response.status_code == 422
        assert interview_of(response) == interview_of(page)
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


@pytest.mark.parametrize("knower", ["defendant", "documents", "anybody", ""])
def test_nobody_but_the_claimant_is_asked(knower: str) -> None:
    carried = json.loads(interview_of(client.post("/begin"))) | {"knower": knower}
    response = client.post("/say", data={"interview": json.dumps(carried), "say": "0"})
    assert response.status_code == 422
    assert 'name="say"' not in response.text


def test_an_interview_may_suppose_nothing() -> None:
    carried = json.loads(interview_of(client.post("/begin"))) | {"supposing": None}
    response = client.post("/say", data={"interview": json.dumps(carried), "say": "0"})
    assert response.status_code == 200


# ---- going back to an earlier answer, and saving ----


def told(page: Response) -> dict[str, str]:
    """What was asked and said, as a page lists it: the id behind `Change`, and the answer."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)
    found = {}
    for row in rows:
        if changed := re.search(r'name="change" value="([^"]*)"', row):
            cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
            found[unescape(changed[1])] = unescape(cells[1])
    return found


def ended_eligible() -> Response:
    """The verdict of a fictional person who would fit the description."""
    page = client.post("/begin")
    said: list[dict[str, str]] = [{"say": "0"}, {"say": "0"}, {"say": "date", "date": "March 2021"}]
    for each in [*said, {"say": "0"}, {"say": "date", "date": "2023"}, {"say": "1"}]:
        page = say(page, **each)
    assert "status eligible" in page.text
    return page


def heavy(count: int) -> Interview:
    """An interview that began with an archive of many messages."""
    sent = {"direction": "sent", "sent_at": "2023-05-04"}
    messages = [{"id": f"m{at}", **sent} for at in range(count)]
    history: Any = AccountHistory.model_validate({"account_id": "my-account", "messages": messages})
    return Interview.start(history, class_definition(), supposing=AS_ALLEGED)


def test_the_verdict_lists_what_was_said_and_each_answer_can_be_changed() -> None:
    page = ended_eligible()
    said = told(page)
    assert list(said.values()) == ["Yes", "Yes", "March 2021", "Yes", "2023", "No"]
    changed = say(page, change="premium[0].start#1")
    assert "When did your Premium begin?" in changed.text
    assert list(told(changed).values()) == ["Yes", "Yes"]
    again = say(changed, say="date", date="2022")
    assert list(told(again).values()) == ["Yes", "Yes", "2022", "Yes", "2023", "No"]
    assert "status eligible" in again.text
    other = say(say(again, change=next(iter(said))), say="1")
    assert "status ineligible" in other.text
    assert list(told(other).values()) == ["No"]


def test_after_change_one_may_go_further_back_and_loses_nothing() -> None:
    changed = say(ended_eligible(), change="premium[0].start#1")
    further = say(changed, say="back")
    assert "Did you still have Premium" in further.text
    again = say(say(further, say="0"), say="date", date="March 2021")
    assert list(told(again).values()) == ["Yes", "Yes", "March 2021", "Yes", "2023", "No"]


def test_of_a_moment_asked_for_twice_either_answer_can_be_changed() -> None:
    page = client.post("/say", data={"interview": heavy(3).to_json(), "say": "0"})
    page = say(say(say(page, say="0"), say="0"), say="unknown")
    assert list(told(page).items())[2:] == [
        ("premium[0].start#1", "Before 4 May 2023"),
        ("premium[0].start#2", "I don't know"),
    ]
    for time, before in ((1, 2), (2, 3)):
        changed = say(page, change=f"premium[0].start#{time}")
        assert "When did your Premium begin?" in changed.text
        assert len(told(changed)) == before


def test_a_form_of_more_fields_than_a_page_has_is_refused() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for body in ("&".join(["tick=1"] * 70_000), "&" * 900_000 + "say=0"):
        response = client.post("/say", content=body, headers=headers)
        assert (response.status_code, "too-large" in response.text) == (413, True)
        assert len(response.content) < 10_000


def test_an_interview_of_many_messages_goes_all_the_way_and_back() -> None:
    page = client.post("/say", data={"interview": heavy(2000).to_json(), "say": "1"})
    assert page.status_code == 200
    assert "status ineligible" in page.text
    (asked,) = told(page)
    for pressed in ({"change": asked}, {"say": "back"}):
        again = say(page, **pressed)
        assert again.status_code == 200
        assert "Did you have LinkedIn Premium" in again.text


@pytest.mark.parametrize("answers", [[], ["0"], ["0", "unknown"], ["1"]])
def test_what_was_saved_is_taken_up_where_it_stopped(answers: list[str]) -> None:
    page = client.post("/begin")
    for each in answers:
        page = say(page, say=each)
    file = client.post("/save", data={"interview": interview_of(page)})
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment;")
    assert 'formaction="/save"' in page.text
    for name in ("saved", "archive"):
        again = client.post("/begin", files={name: ("my-interview.json", file.content)})
        assert again.text == page.text


def test_what_was_said_after_a_change_is_saved_too() -> None:
    changed = say(ended_eligible(), change="premium[0].start#1")
    file = client.post("/save", data={"interview": interview_of(changed)})
    taken_up = client.post("/begin", files={"saved": ("my-interview.json", file.content)})
    assert "status eligible" in say(taken_up, say="date", date="2022").text


@pytest.mark.parametrize("text", [b"{", b"{}", b'{"account_id": "x"}', b' {"interview": "2"}'])
def test_a_file_that_is_no_saved_interview_is_refused_in_plain_words(text: bytes) -> None:
    response = client.post("/begin", files={"saved": ("my.json", text)})
    assert response.status_code == 422
    assert "This is not the file of an interview that was saved here" in shown(response)
    assert "to_json" not in response.text


# ---- what a claimant reads ----


@pytest.mark.parametrize(
    ("before", "said", "words"),
    [
        ([], {"say": "7"}, "Please press one of the answers."),
        ([], {}, "Please press one of the answers."),
        ([], {"say": "date", "date": "2021"}, "Please press one of the answers."),
        (["0", "0"], {"say": "date"}, "No date was typed."),
        (["0", "0"], {"say": "date", "date": "long <b>ago"}, "We cannot read “long <b>ago” as"),
        (["0", "0"], {"say": "date", "date": "2024-02-31"}, "There is no such day"),
        (["0", "0"], {"say": "date", "date": "2030"}, "That does not fit what is known already"),
        (["0", "0"], {"say": "date", "date": "x" * 5000}, "We cannot read “xxx"),
        (["0"], {"change": "messages[7].inmail#1"}, "That question was not asked."),
        (["1"], {"say": "0"}, "Every question is answered."),
    ],
)
def test_what_does_not_fit_is_said_in_plain_words_and_the_question_stays(
    before: list[str], said: dict[str, str], words: str
) -> None:
    page = client.post("/begin")
    for each in before:
        page = say(page, say=each)
    response = say(page, **said)
    assert response.status_code == 422
    assert words in unescape(response.text)
    assert interview_of(response) == interview_of(page)
    assert "<b>ago" not in response.text
    for theirs in ("dont_know", "undo()", "answers 0 to", "`", "[no-", "refinement"):
        assert theirs not in unescape(re.sub(r'value="[^"]*"', "", response.text))


def test_a_verdict_begins_in_plain_words_and_the_rest_is_behind_details() -> None:
    page = ended_eligible()
    first, _, details = page.text.partition("<summary>Details</summary>")
    assert "you would fit the description of the proposed class" in first
    assert "LinkedIn denies it" in first
    assert "Clause by clause" in details
    seen = re.sub(r"<[^>]*>", "", first.partition("</h1>")[2]).partition(escape(NOTICE))[2]
    assert "you would fit the description" in seen
    for theirs in ("Clause by clause", "no source given", "messages[0]", "reading"):
        assert theirs not in seen
    assert "messages[0].sent_at" in details


def test_a_verdict_says_whether_it_supposes_something() -> None:
    page = client.post("/begin")
    assert "Even if what the complaint alleges were so" in say(page, say="1").text
    carried = json.loads(interview_of(page)) | {"supposing": None}
    plain = client.post("/say", data={"interview": json.dumps(carried), "say": "1"}).text
    assert "What you said does not fit the description" in plain
    assert "alleges" not in unescape(plain).partition(NOTICE)[2]


def test_what_stays_open_is_said_with_who_could_know_it() -> None:
    page = client.post("/begin")
    while 'value="unknown"' in page.text:
        page = say(page, say="unknown")
    first = shown(page).partition("Details")[0]
    assert "it would stay open whether you fit the description" in first
    assert "It is not known whether the member ever had Premium. Your receipts" in first
    assert "LinkedIn may know it." in first


def test_every_input_that_is_seen_has_a_label() -> None:
    date = say(say(client.post("/begin"), say="0"), say="0")
    for page in (client.get("/"), date):
        ids = re.findall(r'<input type="(?:text|file)"[^>]* id="(\w+)"', page.text)
        assert len(ids) == len(re.findall(r'<input type="(?:text|file)"', page.text)) > 0
        for each in ids:
            assert f'<label for="{each}">' in page.text


def picking(count: int) -> Response:
    """The page that shows so many messages to pick from."""
    page = client.post("/say", data={"interview": heavy(count).to_json(), "say": "0"})
    while 'name="tick"' not in page.text:
        assert 'value="unknown"' in page.text
        page = say(page, say="0" if 'value="0"' in page.text else "unknown")
    return page


def test_the_buttons_of_a_long_list_stand_above_and_below_it() -> None:
    for count, times in ((40, 2), (3, 1)):
        page = picking(count)
        assert page.text.count('value="ticked"') == times, count
        assert page.text.count('value="unknown"') == times
    long = picking(40).text
    assert long.index('value="ticked"') < long.index('name="tick"') < long.rindex('value="ticked"')


def test_that_none_of_a_list_is_so_is_said_and_not_slipped_into() -> None:
    page = picking(3)
    slipped = say(page, say="ticked")
    assert slipped.status_code == 422
    assert "Nothing is ticked." in slipped.text
    assert interview_of(slipped) == interview_of(page)
    assert "None of these" in told(say(page, say="none")).values()
    unsure = told(say(page, say="ticked", tick="0", unsure="yes"))
    assert any("not sure about the others" in each for each in unsure.values())
