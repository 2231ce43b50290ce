"""What the public face says to a type checker. Nobody runs this; `mypy` checks it."""

from typing import assert_type

from eligibility import (
    AccountHistory,
    History,
    Moment,
    Question,
    Reason,
    Status,
    Survey,
    Truth,
    Verdict,
    evaluate,
    forget,
    read_history,
    refine,
    survey,
)


class Other(History):
    """A history of another case."""


history = AccountHistory(account_id="A-1001", complete=["premium"])
assert_type(read_history("{}"), AccountHistory)
assert_type(read_history("{}", Other), Other)
assert_type(refine(history, {"complete.messages": True}), AccountHistory)
assert_type(forget(history, ["complete.premium"]), AccountHistory)
assert_type(evaluate(history), Verdict)
assert_type(evaluate(history).status, Status)
assert_type(evaluate(history).reasons, tuple[Reason, ...])
assert_type(evaluate(history).questions, tuple[Question, ...])
assert_type(survey(history), Survey)
assert_type(Moment.parse("2024").before(Moment.parse("2025")), Truth)
