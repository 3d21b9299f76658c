"""What people of the journeys log in with."""

PASSWORD = "correct horse battery"
