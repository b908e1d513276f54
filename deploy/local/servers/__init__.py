"""PostgreSQL and Temporal: started by the stack, or given from outside."""
