"""May an employee work flexibly, and what becomes of the request? Policy, tests, request, study."""
