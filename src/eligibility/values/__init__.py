"""Station 1, values: instants, sets of them, partly known moments, truth, and citations.

Texts come in; exact values go out, to `facts` and `definition`. Nothing here knows of any case.
`date_words` and `english` put things in plain words.
"""
