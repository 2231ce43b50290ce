"""Normalised tables and a plan in, verdicts out.

`engines` run a plan (`spark` on frames that stay on their cluster); `decide` asks `fallback`, which
is `evaluate`, of the few accounts that the plan leaves open. `job` is a whole run: `intake` is what
its input comes to, `finished` how it is known again, `outputs` and `attrition` what is made of it.
"""
