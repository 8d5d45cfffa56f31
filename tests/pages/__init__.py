"""Pages, seen through Django's client."""
