"""What the public face says to a type checker. Nobody runs this; `mypy` checks it."""

from typing import assert_type

from eligibility import (
    AccountHistory,
    Answer,
    Evidence,
    History,
    Message,
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
    verdict_text,
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
assert_type(evaluate(history).questions[0].answers, tuple[Answer, ...])
assert_type(evaluate(history).questions[0].answers[0].status, Status)
assert_type(evaluate(history).reasons[0].evidence, tuple[Evidence, ...])
assert_type(history.messages, tuple[Message, ...])
assert_type(Message(sent_at="2023-06", shared=True).sent_at, Moment | None)
assert_type(verdict_text(evaluate(history)), str)
