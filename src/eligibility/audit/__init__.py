"""The audit shelf: what a definition means, said again in two-valued logic.

A verdict comes in, from wherever it may be; what does not hold of it goes out. It shares nothing
with `evaluation`, so that each can be held to the other.
"""
