"""Messages: what of a row becomes a fact, what a hint, and what is left out."""

import pytest
from linkedin_archives import (
    ADA,
    BO,
    CONNECTIONS,
    INVITATIONS,
    M8,
    VARIANTS,
    hinted,
    message,
    messages_csv,
    noted,
    sent,
    table,
)

from eligibility.errors import ArchiveError

M2 = VARIANTS[2]["header"].split(",")
M3 = VARIANTS[3]["header"].split(",")


def invitations(*sides):
    """Invitations with the owner on the given side, `("OUTGOING", address)`."""
    column = {"OUTGOING": "inviterProfileUrl", "INCOMING": "inviteeProfileUrl"}
    rows = [
        {"Direction": side, "Sent At": "1/29/26, 2:37 PM", column[side]: a} for side, a in sides
    ]
    return table(INVITATIONS, rows)


def connections(*people):
    rows = [{"First Name": "Some", "URL": who, "Connected On": day} for who, day in people]
    return 'Notes:\n"When exporting, ""some"" rows lack data"\n\n' + table(CONNECTIONS, rows)


def directions(reading):
    return [m.direction for m in reading.history.messages]


def m3(*rows):
    return table(M3, [{name: row.get(name, "") for name in M3} for row in rows])


def test_without_an_owner_direction_is_unknown(read):
    reading = read({"messages.csv": messages_csv(message(), sent())})
    assert directions(reading) == [None, None]
    assert {"archive-owner-unknown", "archive-direction-unknown"} <= noted(reading).keys()


@pytest.mark.parametrize("side", ["OUTGOING", "INCOMING"])
def test_invitations_show_the_owner(read, side):
    files = {
        "messages.csv": messages_csv(message(), sent()),
        "Invitations.csv": invitations((side, ADA)),
    }
    assert directions(read(files)) == ["received", "sent"]


def test_other_side_of_an_invitation_is_not_the_owner(read):
    rows = [{"Direction": "INCOMING", "Sent At": "1/29/26, 2:37 PM", "inviterProfileUrl": BO}]
    files = {
        "messages.csv": messages_csv(message(), sent()),
        "Invitations.csv": table(INVITATIONS, rows),
    }
    assert directions(read(files)) == [None, None]


@pytest.mark.parametrize(
    "spelling",
    [
        "http://linkedin.com/in/Ada-Example/",
        "https://uk.linkedin.com/in/ada%2Dexample?trk=profile#top",
        "www.LinkedIn.com/in/ADA-EXAMPLE/details/skills/",
    ],
)
def test_spellings_of_one_address_are_one_person(read, spelling):
    files = {"messages.csv": messages_csv(message(), sent())}
    assert directions(read(files, owner_profile_url=spelling)) == ["received", "sent"]


def test_addresses_with_other_letters_compare_by_letter(read):
    files = {"messages.csv": messages_csv(sent(), message())}
    text = files["messages.csv"].replace("ada-example", "zo%C3%AB-example")
    reading = read({"messages.csv": text}, owner_profile_url="linkedin.com/in/Zoë-Example")
    assert directions(reading) == ["sent", "received"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "https://example.org/in/ada",
        "https://linkedin.com/company/x",
        "https://linkedin.com.example.org/in/ada",
        "https://www.linkedin.com/in/ada%FF",
    ],
)
def test_an_owner_that_is_no_profile_is_refused_and_not_repeated(read, address):
    with pytest.raises(ArchiveError) as error:
        read({"messages.csv": messages_csv()}, owner_profile_url=address)
    assert [p.code for p in error.value.problems] == ["archive-owner-address"]
    assert not address or address not in str(error.value)


@pytest.mark.parametrize(
    "files",
    [
        {"Invitations.csv": invitations(("OUTGOING", BO))},
        {"Connections.csv": connections((ADA, "08 Feb 2020"))},  # nobody is their own connection
        {"Invitations.csv": invitations(("OUTGOING", ADA), ("INCOMING", BO))},
    ],
)
def test_evidence_that_contradicts_itself_is_not_believed(read, files):
    reading = read(files | {"messages.csv": messages_csv(message())}, owner_profile_url=ADA)
    assert directions(reading) == [None]
    assert "archive-owner-conflict" in noted(reading)


def test_an_owner_missing_from_most_messages_is_not_believed(read):
    other = "https://www.linkedin.com/in/cy-third"
    rows = [message(), sent(), message(SENDER_PROFILE_URL=other, RECIPIENT_PROFILE_URLS=ADA)]
    reading = read({"messages.csv": messages_csv(*rows)}, owner_profile_url=other)
    assert directions(reading) == [None, None, None]
    assert "archive-owner-doubted" in noted(reading)


def test_an_owner_missing_from_one_message_leaves_that_one_unknown(read):
    other = "https://www.linkedin.com/in/cy-third"
    rows = [message(), sent(), message(RECIPIENT_PROFILE_URLS=other)]
    reading = read({"messages.csv": messages_csv(*rows)}, owner_profile_url=ADA)
    assert directions(reading) == ["received", "sent", None]


def test_without_recipients_a_sender_tells_only_if_the_owner_is_seen_at_all(read):
    assert directions(read({"messages.csv": m3(message(), sent())}, owner_profile_url=ADA)) == [
        "received",
        "sent",
    ]


def test_a_mistyped_owner_turns_nothing_round(read):
    reading = read(
        {"messages.csv": m3(message(), sent())}, owner_profile_url=ADA.replace("ada", "aba")
    )
    assert directions(reading) == [None, None]
    assert "archive-owner-doubted" in noted(reading)


def test_a_numbered_address_may_be_the_owners_second_one(read):
    numbered = "https://www.linkedin.com/in/ACoAAAfiction"
    rows = [sent(), message(SENDER_PROFILE_URL=numbered)]
    assert directions(read({"messages.csv": m3(*rows)}, owner_profile_url=ADA)) == ["sent", None]


def test_hidden_sender_to_the_owner_is_received(read):
    reading = read(
        {"messages.csv": messages_csv(message(SENDER_PROFILE_URL=""))}, owner_profile_url=ADA
    )
    assert directions(reading) == ["received"]


def test_an_unreadable_sender_is_nobody(read):
    row = message(SENDER_PROFILE_URL="see profile")
    reading = read({"messages.csv": messages_csv(row, sent())}, owner_profile_url=ADA)
    assert directions(reading) == [None, "sent"]


def test_group_messages_name_several_recipients(read):
    row = message(RECIPIENT_PROFILE_URLS=f"https://www.linkedin.com/in/cy-third,{ADA}")
    assert directions(read({"messages.csv": messages_csv(row)}, owner_profile_url=ADA)) == [
        "received"
    ]


@pytest.mark.parametrize(
    ("word", "direction"),
    [("INCOMING", "received"), ("outgoing ", "sent"), ("SIDEWAYS", None), ("", None)],
)
def test_the_direction_column_is_believed_in_its_own_words_only(read, word, direction):
    row = {"FROM": "Bo Sample", "DATE": "2019-11-06T02:08:20", "DIRECTION": word}
    assert directions(read({"messages.csv": table(M2, [row])})) == [direction]


def test_column_and_addresses_that_disagree_leave_it_unknown(read):
    header = [*M8, "DIRECTION"]
    rows = [sent(DIRECTION="INCOMING"), sent()]
    reading = read({"messages.csv": table(header, rows)}, owner_profile_url=ADA)
    assert directions(reading) == [None, "sent"]
    assert noted(reading)["archive-direction-conflict"].count == 1


def test_inmail_is_never_claimed_whatever_hints_there_are(read):
    campaign = '<p class="spinmail-quill-editor__spin-break">Hi %FIRSTNAME%,</p>'
    rows = [
        message(SUBJECT="A role for you"),
        message(SENDER_PROFILE_URL="", CONTENT=campaign),
        message(),
    ]
    files = {
        "messages.csv": messages_csv(*rows),
        "Connections.csv": connections(("https://www.linkedin.com/in/cy-third", "08 Feb 2020")),
    }
    reading = read(files, owner_profile_url=ADA)
    assert [m.inmail for m in reading.history.messages] == [None, None, None]
    assert hinted(reading) == {
        "hint-sender-not-connected": ("messages[0]", "messages[2]"),
        "hint-sponsored": ("messages[1]",),
        "hint-subject": ("messages[0]",),
    }


@pytest.mark.parametrize(
    ("connected", "hint"), [("08 Feb 2020", False), ("04 Jan 2024", True), ("03 Jan 2024", False)]
)
def test_a_connection_made_later_was_none_then(read, connected, hint):
    """A day begins first where clocks are 14 hours ahead of UTC: 3 January at 10:00 on the 2nd."""
    row = message(DATE="2024-01-02 10:30:00 UTC")
    files = {
        "messages.csv": messages_csv(row),
        "Connections.csv": connections((BO, connected)),
    }
    assert ("hint-sender-not-connected" in hinted(read(files, owner_profile_url=ADA))) is hint


def test_a_stranger_written_to_is_hinted_at(read):
    files = {
        "messages.csv": messages_csv(sent(), message()),
        "Connections.csv": connections(("https://www.linkedin.com/in/cy-third", "08 Feb 2020")),
    }
    assert hinted(read(files, owner_profile_url=ADA))["hint-recipient-not-connected"] == (
        "messages[0]",
    )


def test_no_list_of_connections_no_hint(read):
    assert hinted(read({"messages.csv": messages_csv(message())}, owner_profile_url=ADA)) == {}


@pytest.mark.parametrize("flag", ["Yes", "true", "1", " yes "])
@pytest.mark.parametrize("column", ["IS_MESSAGE_DRAFT", "IS_CONVERSATION_DRAFT"])
def test_drafts_are_left_out(read, flag, column):
    reading = read({"messages.csv": messages_csv(sent(**{column: flag}), message())})
    assert len(reading.history.messages) == 1
    assert reading.report.files[0].passed_over == {"draft": 1}


def test_a_draft_column_that_says_neither_leaves_the_row_out(read):
    reading = read({"messages.csv": messages_csv(sent(IS_MESSAGE_DRAFT="perhaps"))})
    assert reading.report.files[0].passed_over == {"draft-unclear": 1}


def test_a_date_that_cannot_be_read_is_unknown_and_counted(read):
    reading = read({"messages.csv": messages_csv(message(DATE="17.09.2024"), message())})
    assert [m.sent_at is None for m in reading.history.messages] == [True, False]
    assert noted(reading)["archive-time-unread"].count == 1


def test_rows_that_do_not_fit_the_header_are_passed_over(read):
    text = messages_csv(message(), message())
    long = text.splitlines()[1] + ",more\n"
    fragment = "a line out of some message\n"
    reading = read({"messages.csv": text + long + fragment + "\n,,,\n"})
    assert len(reading.history.messages) == 2
    assert reading.report.files[0].passed_over == {"malformed": 2, "blank": 2}


def test_a_date_cut_at_its_comma_is_made_whole(read):
    header = VARIANTS[1]["header"]
    text = f"{header}\nBo,Ada,10/3/18, 2:05 PM,,Hello,INCOMING,INBOX\n"
    reading = read({"Messages.csv": text})
    assert reading.history.messages[0].direction == "received"
    assert reading.history.messages[0].sent_at.text.startswith("2018-10-03T00:05:00Z/")


def test_source_names_the_row_as_a_spreadsheet_counts_it(read):
    rows = [message(CONTENT="two\r\nlines"), message()]
    reading = read({"messages.csv": messages_csv(*rows)})
    assert [m.source for m in reading.history.messages] == [
        "messages.csv row 2",
        "messages.csv row 3",
    ]


def test_nothing_is_ever_complete(read):
    assert read({"messages.csv": messages_csv()}).history.complete == ()


def test_where_invitations_show_the_owner_a_stranger_alone_is_received(read):
    files = {"messages.csv": m3(message()), "Invitations.csv": invitations(("OUTGOING", ADA))}
    assert directions(read(files)) == ["received"]


def test_where_only_the_caller_names_the_owner_a_stranger_alone_is_not(read):
    reading = read({"messages.csv": m3(message())}, owner_profile_url=ADA)
    assert directions(reading) == [None]
    assert "archive-owner-doubted" in noted(reading)


def test_connections_and_invitations_without_address_are_counted(read):
    hidden = [{"Connected On": "07 Jun 2026"}, {"URL": BO, "Connected On": "07 Jun 2026"}]
    files = {
        "Connections.csv": table(CONNECTIONS, hidden),
        "Invitations.csv": table(INVITATIONS, [{"Direction": "OUTGOING", "Sent At": "x"}]),
    }
    assert {file.name: dict(file.passed_over) for file in read(files).report.files} == {
        "Connections.csv": {"no-address": 1},
        "Invitations.csv": {"no-address": 1},
    }


def test_older_invitations_and_connections_have_no_addresses_at_all(read):
    files = {
        "Connections.csv": "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        "Bo,Sample,,,,07 Jun 2026\n",
        "Invitations.csv": "From,To,Sent At,Message,Direction\n"
        '"Ada Example","Bo Sample","1/29/20, 2:37 PM",,OUTGOING\n',
        "messages.csv": messages_csv(message()),
    }
    reading = read(files)
    assert directions(reading) == [None]
    assert hinted(reading) == {}
    assert reading.report.problems == ()


def test_a_row_with_an_unreadable_recipient_is_no_evidence_against_the_owner(read):
    group = f"https://www.linkedin.com/in/cy-third,{ADA} (and others)"
    rows = [sent(), *[message(RECIPIENT_PROFILE_URLS=group)] * 5]
    reading = read({"messages.csv": messages_csv(*rows)}, owner_profile_url=ADA)
    assert directions(reading) == ["sent", None, None, None, None, None]
    assert "archive-owner-doubted" not in noted(reading)


def test_hints_at_what_a_doubted_owner_wrote_are_taken_back(read):
    other = "https://www.linkedin.com/in/cy-third"
    written = message(SENDER_PROFILE_URL=other, RECIPIENT_PROFILE_URLS=ADA)
    files = {
        "messages.csv": messages_csv(written, message(), sent()),
        "Connections.csv": connections((BO, "08 Feb 2020")),
    }
    reading = read(files, owner_profile_url=other)
    assert "archive-owner-doubted" in noted(reading)
    assert "hint-recipient-not-connected" not in hinted(reading)


def test_an_invitation_whose_cells_do_not_fit_the_header_shows_no_owner(read):
    shifted = f"{invitations()}Bo,Ada,2026,Hello, again,OUTGOING,,{BO}\n"
    assert shifted.count(BO) == 1
    more = f"{invitations()}Bo,Ada,2026,Hello,OUTGOING,{BO},,more\n"
    for text in (shifted, more):
        reading = read({"messages.csv": messages_csv(message()), "Invitations.csv": text})
        assert directions(reading) == [None]
