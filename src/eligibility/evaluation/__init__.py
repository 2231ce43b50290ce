"""Station 4, evaluation: does the account meet the definition?

Normalised facts and a normal form come in; for each clause a truth goes out, to `verdict`.
`reference` is the law, read beside `definition.normal_form`; `joint_coverage` is the one thing that
its two passes do not see. `compiled` is its fast twin, and leaves to it what is not plain.
"""
