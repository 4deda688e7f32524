"""Which people, which bank, which policy? A study as its file describes it."""
