"""Station 3, definition: who the class is, as data.

Clauses with their words, citations and conditions come in; the definition is checked when it is
built, and goes on to `evaluation` in its normal form.
"""
