"""People's names: only what the product must do with them, since nobody can say what a name looks like."""

from __future__ import annotations


def split_name(name: str) -> tuple[str, str]:
    """A first guess at first and last names, which their owner then corrects; one word is a last name."""
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last
