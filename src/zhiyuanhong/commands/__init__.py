"""What an operator types: one file per group, thin like a page."""
