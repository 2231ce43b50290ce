"""Station 2, facts: what is known of one account.

    text ── read ── model ── normalise ── known ── evaluation
            JSON    valid    what follows, what clashes

A history is declared with `records` and `fields`; `shape` is what the engine sees of such a model,
`kinds` and `paths` name its facts, `phrases` and `wording` say them, and `problems` what is wrong.
A record is a union of `boxes`; what is stated of a list (`completeness`, `statements`) leaves some
to a record that nobody listed, and a `supposition` maps boxes to boxes. To know more or less is a
`refinement`: asked for in `asking`, put in words by `more_known`.

What machines write goes a fast way to the same facts: `one_pass` reads it (`plain_schema`), `rows`
and `known_rows` normalise it by code that is `generated` for the model, `built` makes a witness of
it, and `written` writes it.
"""
