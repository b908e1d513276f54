"""Tests of the migrations: facts of an earlier version come through whole."""
