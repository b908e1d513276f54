"""Pages behind mailed links: what every one does alike, whatever it is for."""
