"""Which items exist, in what state, with which parameters."""
