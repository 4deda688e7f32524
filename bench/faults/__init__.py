"""What breaks, and what must hold: faults injected while people answer, checked from outside."""
