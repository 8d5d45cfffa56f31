"""What recognition prints: typst templates and the code that fills them."""
