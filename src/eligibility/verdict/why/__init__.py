"""What a reason says: the facts that suffice, each needed (`sufficient`), and its words.

Which those are is seen by `needs` of spans and by `failing` of records. `sentences` words them,
what is open (`open_clause`), and what is supposed (`supposed_words`).
"""
