"""Tests of the processes: every branch and every timer, with skipped time."""
