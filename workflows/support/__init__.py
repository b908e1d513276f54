"""What every process shares: waiting, deadlines, retry policies."""
