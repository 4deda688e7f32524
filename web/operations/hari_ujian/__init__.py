"""An exam day at a site: check-in, logins, calls, messages, irregularities."""
