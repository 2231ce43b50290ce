"""Station 5, verdict: what was decided, why, and what is open.

Truths come in; a record goes out (`record`), and its JSON document (`document`; `written`). What is
found only when it is asked for has a module each, to be read first: `reasons`, with what suffices
and its words in `why`; `relevance`, which facts can matter, with the search for them in `turning`;
`questions`, with `days` and `one_more_record`; `open_facts`; and `witnesses`, with `narrowing`.
"""
