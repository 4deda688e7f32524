"""How does an official document look, and how does it prove itself? Knows no database."""
