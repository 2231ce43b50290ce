"""For test suites: generators of histories, the promises as laws, and data that any engine can run.

`strategies` draws histories, worlds and documents; `laws` holds a definition to the promises;
`differential` holds somebody's own function to them; `missing_facts` is a file of cases. What draws
needs the extra `testing`, and says so where it is not installed.
"""
