"""`python -m webapp.cli` is the same as `cvms`."""

from __future__ import annotations

from webapp.cli import main

main(prog_name="cvms")
