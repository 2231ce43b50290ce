"""The audit shelf: what a definition means, said again in two-valued logic.

A verdict comes in, from wherever it may be; what does not hold of it goes out. It shares nothing
with `evaluation`, so that each can be held to the other.

`worlds` says what a definition means in one world. `ways` are all that a record may be,
`one_record` what clauses it then meets, and `spans` what spans may cover; `enumeration` puts them
together, and `claims` holds all that a verdict says to it, part by part. `certificate` is what is
called, and `findings` what it returns.
"""
