"""The search for what can turn the outcome: two worlds that differ in one fact alone.

`in_one_pass` says when a fact can, and why none is missed: begin there. It puts *pairs* of
histories together (`pairs`, `ends`) around a record that lies at some instant (`pivotal`,
`plain_instants`), beside those that have to be kept out (`contenders`, `keeping_out`, `outdone`,
`staying`), as far as spans can be narrowed (`reach`, `chains`, `more_spans`). Facts of a record are
asked about by `record_turns`, those of a span by `span_turns` (`ever_flips`, `where_divides`,
`let_in`), whether there is one more span by `one_more_span`. What needs no search is told before:
`plainly`, `alone`, `anyway`, `taken`, `joint_outside`.
"""
