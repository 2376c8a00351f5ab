"""How a request gets to the target, and what is kept of it; knows nothing of rules."""
