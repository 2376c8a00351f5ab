"""Hypothesis strategies: what a submission may be made of, and the one thing in which it may be broken.

They draw small choices and build bytes from them; no file is drawn byte by byte.
"""
