"""Items in XLSX and CSV: our own columns, and those of TAO."""
