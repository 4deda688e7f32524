"""What a fresh installation starts with: data files, readers for them, and an idempotent load."""
