"""Schedule of exam days: sites, rooms, sesi, who sits where, and changes of plan."""
