"""`make bench`: how fast the real parts are, each figure beside its bare baseline."""
