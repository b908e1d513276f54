"""Tests of what keeps processes running: relay, census, client, worker."""
