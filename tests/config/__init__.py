"""Settings and what holds for every request."""
