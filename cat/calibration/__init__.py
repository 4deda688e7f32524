"""Which a, b explain this answer matrix? Complete data only; what comes out is a proposal."""
