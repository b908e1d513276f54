"""The loops that the worker runs beside the processes."""
