"""What a verdict claims, held to the enumeration.

`claimed` holds a claim of what follows to what does; the other modules go through the clauses, the
reasons, the questions and the scenarios of a verdict.
"""
