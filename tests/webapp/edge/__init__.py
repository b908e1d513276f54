"""Tests of webapp/edge: the web app behind its real server."""
