"""Station 2, facts: what is known of one account.

A history comes in, as people have it, and is validated (`model`, `read`); it goes on to
`evaluation` normalised: what follows from it filled in, what clashes found (`normalise`).
"""
