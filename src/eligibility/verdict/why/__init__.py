"""What a reason says: the facts that suffice, each needed (`sufficient`), and its words.

Which those are is seen by `needs` of spans and by `failing` of records. `sentences` words them, and
`open_words` what is open (`open_clause`); `supposed_words` says what is supposed.
"""
