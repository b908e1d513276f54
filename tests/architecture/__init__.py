"""Rules about the code, as tests. Each says in its failure what to do, and is shown a violation that it must notice."""
