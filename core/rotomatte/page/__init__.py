"""The supervisor's page: what became of an edit's shots, or of one job, as a page that opens from the disk."""
