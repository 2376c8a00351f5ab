"""The vocabulary that compares an answer exactly, and what it finds out."""
