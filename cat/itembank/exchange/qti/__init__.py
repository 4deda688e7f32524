"""QTI 2.1, 2.2 and 3.0 of 1EdTech: items with one choice interaction, alone or in a package."""
