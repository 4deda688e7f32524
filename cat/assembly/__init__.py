"""Which set of items makes a whole test? Linear rows over yes/no choices, exact by construction."""
