"""How a process of ours runs: settings, logs, metrics."""
