"""Personal data: the register of purposes, who looked, what must go, what a person may have."""
