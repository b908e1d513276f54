"""The pages of any record: its forms, the page of a step, the check page, the list of answers, notes on fields."""
