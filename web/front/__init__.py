"""The door of the web server: answers go straight to their writer, everything else to Flask."""
