"""Who does the work of a study? Chunks of people, on this machine or on a cluster."""
