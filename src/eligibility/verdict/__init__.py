"""Station 5, verdict: what was decided, why, and what is open.

Truths come in; a record with reasons, questions and witnesses goes out, and its JSON document.
"""
