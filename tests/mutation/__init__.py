"""Generated mutants: small changes to the source of the mock server, each judged by the conformance suite alone.

Nothing here changes a file of the checkout: a mutated module is source in memory.
"""
