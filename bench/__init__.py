"""What is measured, against what, by one command: python -m bench."""
