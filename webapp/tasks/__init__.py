"""The inbox and the task page: what is asked of whom, by when, and what follows from each decision."""
