"""The letter: what it says of every golden case, what it never says, and hostile text."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import attrs
import pytest
from test_golden_texts import FILES, asked_in, definition_of

from eligibility import AccountHistory, evaluate, letter_page, read_history, write_letter
from eligibility.rules import AS_ALLEGED, NOTICE, Reading, class_definition
from eligibility.text.letter import ReadWord, letter_of
from eligibility.text.writing import Letter

#: What no sentence for a person holds: paths and the notation of moments.
CODES = ("[0]", "[]", "complete.", "../", "T00:", "null")
NEVER = re.compile(
    r"you are owed|you will receive|you are entitled|your (payout|compensation)", re.IGNORECASE
)


def texts(letter: Letter) -> str:
    """All that a letter says, a line each."""
    found = []

    def walk(data: object) -> None:
        if isinstance(data, str):
            found.append(data)
        elif isinstance(data, dict):
            for key, value in data.items():
                if key not in ("kind", "role"):
                    walk(value)
        elif isinstance(data, list):
            for value in data:
                walk(value)

    walk(letter.to_dict()["parts"])
    return "\n".join(found)


def part(letter: Letter, heading: str) -> str:
    return texts(Letter("", "", [each for each in letter.parts if each.heading == heading]))


class Page(HTMLParser):
    """Which elements are open, which were used, and all that is shown; each must be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.used: list[str] = []
        self.shown: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.used.append(tag)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.shown.append(data.strip())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_of_every_golden_case_there_is_a_letter(file) -> None:
    _, asked = asked_in(file)
    definition = definition_of(asked)
    history = read_history(json.dumps(asked["history"]), definition.model)
    supposing = AS_ALLEGED if asked.get("supposing") else None
    letter = write_letter(history, definition, supposing=supposing)
    plain, said = evaluate(history, definition), texts(letter)

    word = {"eligible": "Eligible", "ineligible": "Not eligible", "indeterminate": "Not decided"}
    assert part(letter, "Result").split("\n")[1] == word[plain.status.value]
    assert ("What is supposed" in said) == (
        plain.status.value == "indeterminate" and asked["case"] == "linkedin"
    )
    assert definition.notice in said
    assert definition.digest in said
    assert plain.history_digest in said
    assert all(str(step.citation) in said for step in definition.steps)
    assert all(reason.text in said for reason in plain.reasons[:20])
    assert not NEVER.search(said)
    for heading in ("Result", "Who can know what is open", "Only supposing what is alleged"):
        assert not [code for code in CODES if code in part(letter, heading)]
    page = Page(letter_page(letter))
    assert page.open == []
    assert all(" ".join(line.split()) in page.shown for line in said.split("\n") if len(line) > 70)
    again = write_letter(history, definition, supposing=supposing)
    assert letter_page(again) == letter_page(letter)


def test_what_is_open_stands_under_who_can_know_it() -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"id": "p1", "start": "2021"}],
        messages=[{"id": "m1", "sent_at": "2023-05"}],
    )
    (section,) = [
        each for each in write_letter(history).parts if each.heading == "Who can know what is open"
    ]
    data = Letter("", "", [section]).to_dict()["parts"][0]["blocks"]
    who = [block["text"] for block in data[::2]]
    what = [[item["text"] for item in block["items"]] for block in data[1::2]]
    assert who == [
        "The member can say",
        "The member's receipts or data export can show",
        "Only LinkedIn can know",
    ]
    assert what[0] == ["whether the member ever allowed LinkedIn to use messages to train AI"]
    assert {"when it ended", "whether the message was an InMail"} < set(what[1])
    assert what[2] == [
        "whether the message or another one was shared to train AI",
        "when it was shared",
    ]


def test_of_records_that_nobody_listed_it_is_said_who_can_know() -> None:
    said = part(write_letter(AccountHistory(account_id="A-1")), "Who can know what is open")
    assert "Only LinkedIn can know" in said


def test_each_word_of_the_reading_stands_there_with_its_source_and_the_others() -> None:
    reading = Reading.of(messages="sent", exclusions="customary")
    letter = write_letter(AccountHistory(account_id="A-1"), class_definition(reading))
    said = part(letter, "How disputed terms are read")
    for name, word in reading.words().items():
        assert f" ({name}={word})" in said
    assert "Or: InMails that the member sent or received count (messages=sent-or-received)" in said
    assert "evilcorporations.com" in said
    assert "The answer is the same on all 96 readings." in said
    other = letter_of(
        AccountHistory(account_id="A-1"),
        class_definition(reading),
        readings=[ReadWord("zone", "court")],
        unread=["messages.csv: it ends too early"],
    )
    assert "zone=court" in part(other, "How disputed terms are read")
    assert "messages.csv: it ends too early" in part(other, "What could not be read")
    assert "messages=sent" in part(
        letter_of(AccountHistory(account_id="A-1"), class_definition(reading)),
        "How disputed terms are read",
    )


def test_many_records_and_reasons_are_counted() -> None:
    messages = [{"inmail": False, "sent_at": "2023"} for _ in range(30)]
    messages += [
        {"inmail": True, "sent_at": "2023", "shared": False, "source": f"row {n}"} for n in range(9)
    ]
    history = AccountHistory(account_id="A-1", messages=messages, complete=["messages"])
    said = part(write_letter(history), "Why")
    assert "and 25 more" in said
    assert "message 31 (row 0)" in said


@pytest.mark.parametrize(("zone", "times"), [("Asia/Tokyo", 1), ("America/Los_Angeles", 0)])
def test_a_letter_says_in_which_other_zone_its_dates_are(zone: str, times: int) -> None:
    letter = write_letter(AccountHistory(account_id="A-1", time_zone=zone))
    assert texts(letter).count(f"Dates of this account are in its time zone, {zone}") == times


def test_hostile_text_is_text() -> None:
    evil = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnp.\x1b[31m"
    history = AccountHistory(
        account_id=evil[:64],
        premium=[{"id": "<b>", "plan": "job_seeker", "start": "2020", "end": "..", "source": evil}],
        messages=[{"id": "m&1", "inmail": True, "sent_at": "2023-05-04", "source": evil}],
        complete=["premium"],
    )
    letter = write_letter(history)
    page = letter_page(letter)
    assert set(Page(page).used) <= {
        *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3"),
        *("p", "ul", "ol", "li", "small", "dl", "dt", "dd", "table", "caption", "thead", "tbody"),
        *("tr", "th", "td"),
    }
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert r"\u202e" in texts(letter)


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = letter_page(write_letter(AccountHistory(account_id="A-1")))
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.replace("&#x27;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    )
    assert NOTICE.partition(" '")[0] in page


def test_another_definition_of_the_same_model_is_not_taken_for_the_case() -> None:
    other = attrs.evolve(class_definition(), reading={"zone": "court"})
    letter = write_letter(AccountHistory(account_id="A-1"), other)
    said = texts(letter)
    assert part(letter, "How disputed terms are read").split("\n") == [
        "How disputed terms are read",
        "zone=court",
    ]
    assert "What is supposed" not in said
    assert "The answer is the same on" not in said
