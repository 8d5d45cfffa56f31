"""The three engines against the yardstick."""
