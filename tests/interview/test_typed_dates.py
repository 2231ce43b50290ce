"""When something was, as people type it: what is read, and what is said of what is not."""

import re
from itertools import product

import pytest

from eligibility import AccountHistory, InvalidMoment, InvalidRefinement
from eligibility.interview import Interview
from eligibility.interview.plain_words import refused, unreadable
from eligibility.interview.said_dates import in_notation
from eligibility.interview.vague_dates import suggested
from eligibility.rules import AS_ALLEGED, class_definition
from eligibility.values.moment import Moment

BEGAN = (
    Interview.start(AccountHistory(account_id="A-1001"), class_definition(), supposing=AS_ALLEGED)
    .answer(0)
    .answer(0)
)
SENT = BEGAN.date("2010").answer(0)


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("2021/3", "2021-03"),
        ("2021/03/15", "2021-03-15"),
        ("3/15/2021", "2021-03-15"),
        ("15.3.2021", "2021-03-15"),
        ("5/5/2021", "2021-05-05"),
        ("15-Mar-2021", "2021-03-15"),
        ("Monday, 15 March 2021", "2021-03-15"),
        ("2021, March", "2021-03"),
        ("the year 2021!", "2021"),
        ("March/April 2021", "2021-03/2021-04"),
        ("between 3 and 9 March 2021", "2021-03-03/2021-03-09"),
        ("3-9 March 2021", "2021-03-03/2021-03-09"),
        ("May 5-10, 2021", "2021-05-05/2021-05-10"),
        ("between May 5 and 10, 2021", "2021-05-05/2021-05-10"),
        ("May 5 to June 10, 2021", "2021-05-05/2021-06-10"),
        ("5 May - 10 June 2021", "2021-05-05/2021-06-10"),
        ("some time between 2019 and 2021", "2019/2021"),
        ("March the 5th, 2021", "2021-03-05"),
        ("from 2019 on", "2019/.."),
        ("\uff12\uff10\uff12\uff11", "2021"),
        ("2019 onwards", "2019/.."),
        ("2021-03-15 10:00:30 UTC", "2021-03-15T10:00:30Z"),
        ("20210305", "2021-03-05"),
        ("15032021", "2021-03-15"),
        ("20102010", "2010-10-20"),
        ("3/2021-5/2021", "2021-03/2021-05"),
        ("1.1.2021-31.3.2021", "2021-01-01/2021-03-31"),
        ("2020-05/2021", "2020-05/2021"),
        ("January 2020 through March 2021", "2020-01/2021-03"),
        ("January 2020 till March 2021", "2020-01/2021-03"),
        ("2020 and later", "2020/.."),
        ("on or before March 5, 2021", "../2021-03-05"),
        ("on or after 5 March 2021", "2021-03-05/.."),
        ("pre-2020", "../2019-12-31"),
        ("202103", "2021-03"),
        ("2021 at the latest", "../2021"),
        ("at the latest 2021", "../2021"),
        ("by March 2021 latest", "../2021-03"),
        ("2020 at the earliest", "2020/.."),
        (">2020", "2021-01-01/.."),
        ("< March 2021", "../2021-02-28"),
        ("\u2264 2021", "../2021"),
        ("2020+", "2020/.."),
        ("post 2020", "2021-01-01/.."),
        ("prior to 2020", "../2019-12-31"),
        ("up until 2021", "../2021"),
        ("'til March 2021", "../2021-03"),
        ("starting in March 2021", "2021-03/.."),
        ("after 2018 and before 2021", "2019-01-01/2020-12-31"),
        ("at some point in 2021", "2021"),
        ("2019\u20142021", "2019/2021"),
        ("2019..2021", "2019/2021"),
        ("2019 -> 2020", "2019/2020"),
        ("2019 thru 2021", "2019/2021"),
        ("between 2019 & 2020", "2019/2020"),
        ("from 2019-2020", "2019/2020"),
        ("either 2019 or in 2020", "2019/2020"),
        ("March or maybe April 2021", "2021-03/2021-04"),
        ("15th-20th March 2021", "2021-03-15/2021-03-20"),
        ("15/16 March 2021", "2021-03-15/2021-03-16"),
        ("Friday, the 5th of March 2021", "2021-03-05"),
        ("the month of March in 2021", "2021-03"),
        ("2021: March", "2021-03"),
        ("March (2021)", "2021-03"),
        ("2021Mar", "2021-03"),
        ("March/2021", "2021-03"),
        ("M\u00e4rz 2021", "2021-03"),
        ("Novem. 2021", "2021-11"),
        ("201x", "201X"),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, noted: str) -> None:
    assert in_notation(typed) == noted
    assert SENT.date(typed).history == SENT.date(noted).history


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("4/5/2021", "may mean 4 May 2021 or 5 April 2021"),
        ("5/4/21", "all four digits"),
        ("31/02", "the month as a word and the year"),
        ("autumn '21", "all four digits"),
        ("5 May", "Write the year, too"),
        ("last year", "Write which year that was"),
        ("3 years ago", "Write which year that was"),
        ("first half of 2021", "January to June 2021"),
        ("around Christmas 2020", "for example: December 2020"),
        ("Q3 2021", "July to September 2021"),
        ("2021 Q3", "for example: July to September 2021."),
        ("2021-Q1", "for example: January to March 2021."),
        ("mid 2023", "for example: April to September 2023."),
        ("2021 summer", "for example: June to September 2021."),
        ("2021ish", "for example: 2020 to 2022."),
        ("around 2019 or 2020", "for example: 2018 to 2021."),
        ("about March or April 2021", "for example: February to May 2021."),
        ("not sure, 2021", "for example: 2020 to 2022."),
        ("between early 2021 and mid 2022", "for example: January 2021 to September 2022."),
        ("summer or autumn 2021", "for example: June to December 2021."),
        ("early 2021 or late 2020", "for example: September 2020 to April 2021."),
        ("between spring 2020 and then", "Write it like this: March 2021."),
        ("before Christmas 2022", "for example: until December 2022."),
        ("before summer 2021", "for example: until June 2021."),
        ("before Q3 2021", "for example: before July 2021."),
        ("after Easter 2021", "for example: since March 2021."),
        ("after the summer of 2021", "for example: since September 2021."),
        ("after 2021 Q2", "for example: after June 2021."),
        ("since spring 2020", "for example: since March 2020."),
        ("by the end of 2022", "for example: until December 2022."),
        ("the 2010s", "for example: 2010 to 2019."),
        ("first week of May 2021", "for example: May 2021."),
        ("last spring", "Write the year, too, such as March to June 2021."),
        ("last May", "Write the year, too, such as May 2021."),
        ("5th March", "Write the year, too, such as 5th March 2021."),
        ("Mar 21", "It may mean Mar 2021 or a day in Mar."),
        ("3/4/21", "all four digits: 3 April 2021 or 4 March 2021."),
        ("13/4/21", "all four digits: 13 April 2021."),
        ("before 3/4/2021", "It may mean 3 April 2021 or 4 March 2021."),
        ("4/21", "such as April 2021."),
        ("99/99/21", "such as 5 March 2021."),
        ("spring 21", "all four digits: March to June 2021."),
        ("March '21", "all four digits: March 2021."),
        ("2019/20", "all four digits: 2019 to 2020."),
        ("2021/13", "such as 2021."),
        ("2020-21", "all four digits: 2020 to 2021."),
        ("Mar'21", "all four digits: Mar 2021."),
        ("05032021", "It may mean 5 March 2021 or 3 May 2021."),
        ("end of last year", "Write which year that was, such as 2021."),
        ("March 2021 until now", "for example: since March 2021."),
        ("from early 2019 - present", "for example: since January 2019."),
        ("before about 2020", "for example: until 2021."),
        ("after roughly March 2021", "for example: since February 2021."),
        ("on or about March 5, 2021", "for example: February to April 2021."),
        ("New Year 2022", "for example: December 2021 to January 2022."),
        ("New Year's Day 2022", "for example: January 2022."),
        ("h1 2021", "for example: January to June 2021."),
        ("2H 2021", "for example: July to December 2021."),
        ("4Q 2021", "for example: October to December 2021."),
        ("late 2020/early 2021", "for example: September 2020 to April 2021."),
        ("late 2020 - early 2021", "for example: September 2020 to April 2021."),
        ("late summer 2021", "for example: June to September 2021."),
        ("over the winter of 2020", "for example: December 2019 to March 2021."),
        ("I got it in March 2021", "for example: March 2021."),
        ("shortly before March 2021", "for example: before March 2021."),
        ("all year 2021", "for example: 2021."),
        ("winter 2020/21", "for example: December 2020 to March 2021."),
        ("this winter", "such as December 2020 to March 2022."),
        ("about then", "Write it like this: March 2021."),
        ("Sep 17, 2021 at 5pm", "without the time, such as 17 September 2021."),
        ("17 September 2021 17:30", "without the time, such as 17 September 2021."),
        ("2021 to 2020", "Write the earlier date first."),
        ("before covid", "Write it like this: March 2021."),
        ("1Q21", "all four digits: January to March 2021."),
        ("2021q1", "for example: January to March 2021."),
        ("Q3-4 2021", "for example: July to December 2021."),
        ("last quarter of 2021", "for example: October to December 2021."),
        ("mid-to-late 2021", "for example: April to December 2021."),
        ("end of Q2", "Write the year, too, such as April to June 2021."),
        ("c2020", "for example: 2019 to 2021."),
        ("March-ish 2021", "for example: February to April 2021."),
        ("2021, probably March", "for example: February to April 2021."),
        ("in or around March 2021", "for example: February to April 2021."),
        ("2019 and 2020", "for example: 2019 to 2020."),
        ("2021, 2019", "for example: 2019 to 2021."),
        ("around 2019 and 2020", "for example: 2018 to 2021."),
        ("March, April or May 2021", "for example: March to May 2021."),
        ("week of March 5 2021", "for example: 27 February 2021 to 11 March 2021."),
        ("w/c 1 March 2021", "for example: 1 March 2021 to 7 March 2021."),
        ("week ending 5 March 2021", "for example: 27 February 2021 to 5 March 2021."),
        ("week of 31 December 9999", "Write it like this: March 2021."),
        ("week of May 2021", "for example: May 2021."),
        ("week of 3/5/2021", "It may mean 3 May 2021 or 5 March 2021."),
        ("3/5/2021-3/9/2021", "3 May 2021 to 3 September 2021 or 5 March 2021 to 9 March 2021."),
        ("3/5/2021 - 3/15/2021", "Write the month as a word: 5 March 2021 to 15 March 2021."),
        ("032021", "It may mean March 2021 or 20 March 2021."),
        ("21-Mar", "Write the year, too, such as 21-Mar 2021."),
        ("20/21", "all four digits: 2020 to 2021."),
        ("21", "all four digits, such as 2021."),
        ("FY 2021-22", "such as April 2021 to March 2022."),
        ("week 10 of 2021", "such as 8 to 14 March 2021."),
        ("2021-W10", "such as 8 to 14 March 2021."),
        ("Febuary 2021", "Did you mean February 2021?"),
        ("started in 2021", "for example: 2021."),
        ("betwen 2019 and 2020", "Did you mean between 2019 and 2020?"),
        ("bfore sumer 2021", "for example: until June 2021."),
        ("2019..", "It may mean 2019 alone, or 2019 or later."),
        ("2019 -", "It may mean 2019 alone, or 2019 or later."),
        ("..2021", "for example: until 2021."),
        ("through 2021", "for example: until 2021."),
        ("since at least 2020", "If it was then or earlier, write until 2020."),
        ("by the end of March 2021", "for example: until March 2021."),
        ("after the 2010s", "for example: after 2019."),
        ("the 90s", "for example: 1990 to 1999."),
        ("202?", "for example: 2020 to 2029."),
        ("Fri Mar 5 10:00:00 2021", "without the time, such as 5 March 2021."),
        ("5 March 2021 at noon", "without the time, such as 5 March 2021."),
        ("2021-03-05T10:00+0100", "without the time, such as 5 March 2021."),
        ("1/2/2021 10:00 PM PST", "It may mean 1 February 2021 or 2 January 2021."),
        ("I have no idea", "choose “I don't know”"),
    ],
)
def test_what_cannot_be_read_is_told_what_it_lacks(typed: str, told: str) -> None:
    with pytest.raises(InvalidMoment) as refused:
        BEGAN.date(typed)
    said = unreadable(refused.value, typed, "March 2021")
    assert told in said
    for like in re.findall(r"(?:for example:|digits:|such as|you mean) ([^.?]+)[.?]", said):
        for each in like.split(" or "):  # whatever it is told to write can be read
            Moment.parse(in_notation(each))


@pytest.mark.parametrize(
    "typed",
    [
        *("fiscal 2021", "> 2020", "post 2020", "KW 10 2021", "2021 then 2022"),
        *("I don't think 2021", "FY 2021-22", "wk 10 2021", "since at least 2020"),
    ],
)
def test_no_part_is_offered_of_what_says_more_of_a_date(typed: str) -> None:
    assert suggested(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        *("2011/12", "2009 10", "13/13/2021", "0/5/2021", "2021/13", "between 3 March and 10 2021"),
        *(
            "20 - 2021",
            "from 19 to 2021",
            "between 20 and 2021",
            "30 or 2021",
            "from March to 2021",
        ),
        *("..2021", "2019..", "2019-", "201203", "032021", "1st 2021", "no post 2020", "1" * 600),
    ],
)
def test_what_may_mean_something_else_is_no_date(typed: str) -> None:
    with pytest.raises(InvalidMoment):
        BEGAN.date(typed)


@pytest.mark.parametrize("joined", ["-", " - ", " to ", " or ", "/", " ", "..", "; ", " in "])
def test_no_number_is_left_out_of_what_is_read(joined: str) -> None:
    """`20 - 2021` is not 2021: whatever was typed is in what is read, or nothing is read."""
    some = ("20", "21", "5", "31", "2020", "2021", "3/2021", "2021-03", "15 March", "March 5 2021")
    for first, last in product(some, repeat=2):
        noted = in_notation(typed := f"{first}{joined}{last}")
        try:
            Moment.parse(noted, "UTC")
        except InvalidMoment:
            continue
        read = {int(number) for number in re.findall("[0-9]+", noted)}
        assert {int(number) for number in re.findall("[0-9]+", typed)} <= read


@pytest.mark.parametrize(
    "typed",
    [
        *("not ended", "Still have it.", "It hasn't ended yet", "to this day", "currently"),
        *("until now", "up to today", "till the present", "to date"),
    ],
)
def test_whoever_is_asked_for_an_end_can_say_that_there_was_none(typed: str) -> None:
    ends = BEGAN.undo().dont_know()
    assert ends.date(typed).history == ends.date("..").history
    with pytest.raises(InvalidRefinement):
        BEGAN.undo().answer(1).date(typed)  # they had said that it ended before the update
    with pytest.raises(InvalidMoment):
        BEGAN.date(typed)


ENDED = BEGAN.undo().answer(1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("since 2018", "write: 2018."),
        ("from May 2019 on", "write: May 2019."),
        ("2018 onwards", "write: 2018."),
        ("March 2021 until now", "write: March 2021."),
        ("since spring 2020", "for example: March to June 2020."),
        ("since I moved in 2016", "for example: 2016."),
    ],
)
def test_since_when_is_asked_again_since_it_may_be_then_or_later(typed: str, meant: str) -> None:
    """Whoever had Premium 'since 2018' was taken to have begun then or later, and was lost."""
    question = BEGAN.question
    assert question is not None
    with pytest.raises(InvalidMoment) as error:
        BEGAN.date(typed)
    assert meant in refused(error.value, typed, question)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("until 2023", "write: 2023."),
        ("up to May 2023", "write: May 2023."),
        ("by the end of 2022", "for example: December 2022 or earlier."),
    ],
)
def test_until_when_is_asked_again_since_it_may_be_then_or_earlier(typed: str, meant: str) -> None:
    question = ENDED.question
    assert question is not None
    with pytest.raises(InvalidMoment) as error:
        ENDED.date(typed)
    assert meant in refused(error.value, typed, question)
    offered = refused(error.value, typed, question).split(": ")[1].split(". ")[0].rstrip(".")
    assert ENDED.date(offered).history.premium[0].end is not None


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("from March 2021 until April 2023", "March 2021", "April 2023"),
        ("4 May 2019 till 2020", "4 May 2019", "2020"),
        ("since 2018 to 2020", "2018", "2020"),
        ("From 2018 \u2013 2020", "2018", "2020"),
        ("from 03/2021 through to 04/2023", "March 2021", "April 2023"),
    ],
)
def test_from_when_until_when_is_asked_again_since_it_may_be_either(
    typed: str, first: str, second: str
) -> None:
    """It was taken as begun between the two, and what was meant, that it began then, was lost."""
    for asked, meant in ((BEGAN, first), (ENDED, second)):
        question = asked.question
        assert question is not None
        with pytest.raises(InvalidMoment) as error:
            asked.date(typed)
        assert error.value.problems[0].hint.startswith(f"Write `{meant}` if")
        words = refused(error.value, typed, question)
        assert f", write: {meant}. If it was between the two, write: between" in words
        for offered in re.findall(r"write: (.+?)\.", words):
            asked.date(offered)


def test_whoever_says_from_when_of_an_end_is_told_how_to_say_that_there_was_none() -> None:
    ends = BEGAN.undo().dont_know()
    assert ends.question is not None
    with pytest.raises(InvalidMoment) as error:
        ends.date("from March 2021 until now")
    assert "write: not ended." in refused(error.value, "from March 2021 until now", ends.question)


def test_of_a_message_from_when_until_when_is_when_it_was() -> None:
    sent = BEGAN.date("2019").answer(0)
    assert sent.date("from 2021 until 2022").history == sent.date("2021 to 2022").history


@pytest.mark.parametrize("typed", ["2018 or later", "after 2017", "2018 to 2020", "before 2019"])
def test_on_which_side_it_was_can_be_said(typed: str) -> None:
    assert BEGAN.date(typed).history.premium[0].start is not None


def test_an_interview_that_was_saved_keeps_what_would_be_asked_again() -> None:
    """An earlier state took 'since 2018' as it stands; what was said then is not lost."""
    saved = BEGAN.date("2018/..").to_json().replace("2018/..", "since 2018")
    again = Interview.from_json(saved, class_definition())
    assert again.replies[-1].date == "since 2018"
    assert again.history == BEGAN.date("2018/..").history
