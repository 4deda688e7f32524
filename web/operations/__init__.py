"""What the platform does, one transaction each. Knows the database and the engine, never Flask."""
