"""How fast and how small the reference server is, beside a yardstick and two mock servers of others.

Measures, and writes down what came out; `goals` says what it should be. Nothing here is installed with the project.
"""
