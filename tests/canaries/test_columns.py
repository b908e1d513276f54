"""Every column has exactly one class (ASVS 14.1.1)."""

from __future__ import annotations

from tests.canaries.columns import CLASSES, classed, existing


def test_every_column_has_exactly_one_class():
    assert len(existing()) > 100
    assert sorted(column for column, _ in classed()) == sorted(existing())


def test_the_classes_are_the_known_ones():
    assert {name for _, name in classed()} <= set(CLASSES)
