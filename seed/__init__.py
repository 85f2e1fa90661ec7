"""What a new installation starts with: the reference lists, and a demo of invented people."""
