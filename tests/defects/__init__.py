"""Reference servers with one fault each: where the suite has to fail, and at which rule."""
