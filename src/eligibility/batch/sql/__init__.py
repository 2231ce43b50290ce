"""From class definitions to one statement, from below: each module builds on those before it.

`expressions` are the words; `propagate` reads a record, `supposing` one under a supposition,
`coverage` spans; `records` says what each clause asks of one record and a window. `builder` holds
the `plan` as it grows; `support` refuses what cannot be compiled. Steps are added by `passes`, once
surely and once possibly, then by `left` and `counts`. `statement` calls them in that order, and
`render` prints the plan.
"""
