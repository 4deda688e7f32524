"""Load: the exam day at full speed and at the size of a nation, from outside."""
