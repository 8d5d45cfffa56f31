"""Pages, seen through Chromium."""
