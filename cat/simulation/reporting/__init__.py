"""What does a study leave behind to read? Files, charts and words."""
