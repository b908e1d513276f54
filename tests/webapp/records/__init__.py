"""Tests of the pages of any record, with a toy record of their own."""
