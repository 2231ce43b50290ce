"""`python -m eligibility.cli`."""

from eligibility.cli.app import main

main()
