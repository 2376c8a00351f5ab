"""Judges, rule by rule, whether a deployment of the StartOCR HTTP API does what its documentation says."""
