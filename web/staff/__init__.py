"""What BKN staff see and press."""
