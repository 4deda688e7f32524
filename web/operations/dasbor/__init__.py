"""What staff watch while a selection runs: attendance, nilai, pass rates, fairness."""
