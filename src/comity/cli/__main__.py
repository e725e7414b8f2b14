"""`python -m comity.cli` is `comity`."""

from comity.cli.main import main

main()
