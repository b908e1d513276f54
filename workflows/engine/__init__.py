"""What keeps processes running: client, relay, census."""
