"""The self-check: the library in one page, which runs in the browser and sends nothing.

    inputs ─┐                                     worker ── visit ── screens
    ours ───┴─ build ── self-check.html ── browser ┤
                              │                    shell: what is pressed, what is shown
                            serve

`inputs` fetches what the page is made of, each file pinned by its hash; `ours` packs the library's
own sources; `build` puts them into one file, the same bytes for the same input. In the browser,
`visit` runs inside the worker and `screens` says what a person sees.
"""
