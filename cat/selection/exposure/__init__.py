"""How often may each item be shown? Who controls exposure, and what the exposure came to."""
