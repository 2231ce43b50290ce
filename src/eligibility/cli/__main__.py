"""`python -m eligibility.cli`."""

from eligibility.cli import main

main()
