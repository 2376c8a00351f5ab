"""A run: which tests there are, in which order and in how many processes they come, and how each of them ends."""
