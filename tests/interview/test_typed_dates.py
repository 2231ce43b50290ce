"""When something was, as people type it: what is read, and what is said of what is not."""

import pytest

from eligibility import AccountHistory, InvalidMoment, InvalidRefinement
from eligibility.interview import Interview
from eligibility.interview.plain_words import unreadable
from eligibility.interview.said_dates import in_notation
from eligibility.rules import AS_ALLEGED, class_definition

BEGAN = (
    Interview.start(AccountHistory(account_id="A-1001"), class_definition(), supposing=AS_ALLEGED)
    .answer(0)
    .answer(0)
)


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
        ("from 2019 on", "2019/.."),
        ("2019 onwards", "2019/.."),
        ("2021-03-15 10:00:30 UTC", "2021-03-15T10:00:30Z"),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, noted: str) -> None:
    assert in_notation(typed) == noted
    assert BEGAN.date(typed).history == BEGAN.date(noted).history


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
        ("I have no idea", "choose “I don't know”"),
    ],
)
def test_what_cannot_be_read_is_told_what_it_lacks(typed: str, told: str) -> None:
    with pytest.raises(InvalidMoment) as refused:
        BEGAN.date(typed)
    assert told in unreadable(refused.value, typed, "March 2021")


@pytest.mark.parametrize("typed", ["2011/12", "2009 10", "13/13/2021", "0/5/2021", "2021/13"])
def test_what_may_mean_something_else_is_no_date(typed: str) -> None:
    with pytest.raises(InvalidMoment):
        BEGAN.date(typed)


@pytest.mark.parametrize("typed", ["not ended", "Still have it.", "It hasn't ended yet"])
def test_whoever_is_asked_for_an_end_can_say_that_there_was_none(typed: str) -> None:
    ends = BEGAN.undo().dont_know()
    assert ends.date(typed).history == ends.date("..").history
    with pytest.raises(InvalidRefinement):
        BEGAN.undo().answer(1).date(typed)  # they had said that it ended before the update
    with pytest.raises(InvalidMoment):
        BEGAN.date(typed)
