"""The machine: what memory it has, and what of it a job needs."""
