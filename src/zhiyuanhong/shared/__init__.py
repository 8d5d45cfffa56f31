"""What every room may stand on; no word of the field."""
