"""From findings to what people and pipelines read."""
