"""Words: languages, dates, lazy and cached strings, what refusals and errors say."""
