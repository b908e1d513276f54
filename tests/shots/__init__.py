"""`make shots`: a picture of every page of the running demo."""
