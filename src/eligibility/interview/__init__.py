"""An interview: the few questions that decide, in words that people use.

    history ── knowable ── outcomes ── matters ── agenda ── session ── verdict
               who can     what can    what is    what is   what was
               know it     come of it  worth it   next      said

It keeps no session and knows no case: an interview is a value, each answer gives another one, and
whoever asks (a terminal, a web page) keeps it or saves it as JSON.
"""

from eligibility.interview.question import Answer, Question
from eligibility.interview.remains import OpenFact
from eligibility.interview.reply import Reply
from eligibility.interview.session import Interview

__all__ = ["Answer", "Interview", "OpenFact", "Question", "Reply"]
