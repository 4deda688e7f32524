"""Items in and out: QTI packages and spreadsheets, read with suspicion and written faithfully."""
