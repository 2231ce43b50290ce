"""An interview: the few questions that decide, in words that people use.

    history ── knowable ── matters ── agenda ──── asks ── session ── verdict
               who can     what is    what is     in      what was
               know it     worth it   next        words   said

A long history is looked at in short (`few`, `listing`). Spans are asked about as `stretches`, dates
are read as people say them (`said_dates`, `vague_dates`), and words come from `words`. A `question`
is plain data and so is a `reply` to it; `none_of_all` replies to several that ask the same,
`transcript` lists replies, `saved` keeps them, and `remains` says what is left.

It keeps no session and knows no case: an interview is a value, each answer gives another one, and
whoever asks (a terminal, a web page) keeps it or saves it as JSON.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eligibility.interview.question import Answer, Question
    from eligibility.interview.remains import OpenFact
    from eligibility.interview.reply import Reply
    from eligibility.interview.session import Interview
else:  # hidden from type checkers, to which a name that is misspelt would be one that is loaded
    _LOADED_WHEN_NAMED = {
        "Answer": "question",
        "Question": "question",
        "OpenFact": "remains",
        "Reply": "reply",
        "Interview": "session",
    }

    def __getattr__(name: str) -> object:
        """What asks, loaded when it is first named; what a verdict leaves open needs none of it."""
        if name in _LOADED_WHEN_NAMED:
            return getattr(import_module(f"{__name__}.{_LOADED_WHEN_NAMED[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Answer", "Interview", "OpenFact", "Question", "Reply"]
