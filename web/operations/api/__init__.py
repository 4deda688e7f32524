"""What programs do through the API: their keys, the feed of changes, participants in."""
