"""The picture of the time line, on small cases to the character."""

import pytest

from eligibility import AccountHistory, InconsistentHistory
from eligibility.rules import Reading, class_definition
from eligibility.text.lanes import MOST_RECORDS
from eligibility.text.picture import LEAST_WIDTH, timeline

HISTORY = AccountHistory.model_validate(
    {
        "account_id": "A-1",
        "premium": [
            {"plan": "premium_career", "start": "2023-02-01", "end": "2024-03/2024-06"},
            {"plan": "learning", "start": "2023-01-01", "end": ".."},
        ],
        "permissions": [{"start": "2024-11-01", "end": ".."}],
        "messages": [
            {"id": "m1", "sent_at": "2023-07-01T00:00:00Z", "shared": True, "shared_at": "2024"},
            {"sent_at": "2024-02", "inmail": True, "shared_at": "2024-05/.."},
        ],
        "complete": ["premium"],
    }
)
UNICODE = """\
Premium subscriptions  ░████████████████████░░░░░░░   │
Permissions           ································│·░███
m1 sent                        ●                      │
m1 shared                               ──────────────│─────
messages[1] sent                          ───         │
messages[1] shared                             ┄┄┄┄┄┄┄│┄┄┄┄┄
                      ┴─────────────────┴─────────────│─────
                      2023              2024
│ 18 September 2024, in the court's zone (before-update)
"""
TO_ASCII = str.maketrans("█░·●─┄│┴", "#=.o-~|+")


def draw(history=HISTORY, width=60, definition=None, **options):
    return timeline(history, definition or class_definition(), width, **options)


def lines_of(**data):
    return draw(AccountHistory.model_validate({"account_id": "A-1", **data})).splitlines()


def test_a_picture_to_the_character():
    assert draw().startswith(UNICODE)


def test_ascii_draws_the_same_with_plain_characters():
    assert draw(ascii_only=True).startswith(UNICODE.translate(TO_ASCII))
    assert draw(ascii_only=True).isascii()


def test_the_legend_explains_what_is_drawn_and_nothing_else():
    assert draw().removeprefix(UNICODE).splitlines() == [
        "█ certain (what counts)  ░ possible (what counts)",
        "· perhaps more, not listed  ● a moment",
        "─ some time in this range",
        "┄ if at all, some time in this range",
    ]
    assert lines_of()[-1] == "· perhaps more, not listed"


def test_a_span_that_does_not_count_is_not_drawn():
    (line, *_) = lines_of(premium=[{"plan": "learning", "start": "2020"}], complete=["premium"])
    assert set(line.removeprefix("Premium subscriptions")) == {" ", "│"}


def test_a_message_that_was_not_shared_has_no_line_of_sharing():
    said = lines_of(messages=[{"id": "m1", "sent_at": "2024", "shared": False}])
    assert any(line.startswith("m1 sent") for line in said)
    assert not any(line.startswith("m1 shared") for line in said)


def test_marks_stand_where_the_definition_looks_and_name_its_clauses():
    ever = class_definition(Reading.of(premium_when="ever", update_day="through"))
    assert "│ 19 September 2024, in the court's zone (premium, before-update)" in draw(
        definition=ever
    )


@pytest.mark.parametrize("width", [0, LEAST_WIDTH, 60, 80, 133])
def test_no_line_is_wider_than_asked(width):
    for history in (HISTORY, AccountHistory(account_id="A-1")):
        lanes = draw(history, width).split("\n│ ")[0].splitlines()
        assert max(map(len, lanes)) == max(width, LEAST_WIDTH)


def test_many_messages_are_counted_by_slice_of_time():
    months = ["2024-02-10"] * 7 + ["2024-05-10"] * 2 + ["2024-07-10", "2023"]
    said = lines_of(messages=[{"sent_at": month} for month in months])
    (line,) = (line for line in said if line.startswith("Messages: sent (11)"))
    drawn = line.removeprefix("Messages: sent (11)").strip()
    assert [c for c in drawn if c not in " │─"] == ["▇", "▂", "▁"]
    assert "─" in drawn
    assert not any("messages[" in line for line in said)
    assert "▁ to ▇ few to many of the messages" in "\n".join(said)


def test_the_number_of_lines_does_not_grow_with_the_messages():
    few, many = (
        lines_of(messages=[{"sent_at": "2024-02-10"}] * count) for count in (MOST_RECORDS + 1, 500)
    )
    assert len(few) == len(many)


def test_the_whole_time_line_can_be_drawn():
    messages = [{"sent_at": "1900"}, {"sent_at": "2200-12-31", "shared_at": "2024/.."}]
    (years,) = (line for line in lines_of(messages=messages) if "2150" in line)
    assert years.split() == ["1900", "1950", "2000", "2050", "2100", "2150"]


def test_words_of_the_user_are_shown_as_printable_text():
    said = "\n".join(lines_of(messages=[{"id": "\x1b[31mm", "sent_at": "2024"}]))
    assert "\\x1b[31mm sent" in said
    assert "\x1b" not in said


def test_a_history_without_a_world_has_no_picture():
    history = AccountHistory.model_validate(
        {"account_id": "A-1", "premium": [{"start": "2024", "end": "2023"}]}
    )
    with pytest.raises(InconsistentHistory):
        draw(history)
