"""The registration desk: who stands there, whether it is the person, attendance, the PIN."""
