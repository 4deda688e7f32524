"""What do these answers say of a person: theta, nilai, profile."""
