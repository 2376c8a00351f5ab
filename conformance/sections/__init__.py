"""The tests, one module a section of the documentation; the listing is its table of contents."""
