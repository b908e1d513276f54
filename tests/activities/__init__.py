"""Tests of the activities and of the worker's loops."""
