"""The commands of `startocr-conformance`, one module each; `options` and `ending` are what they share."""
