"""How alike two different machines can look, and how unlike one machine itself: all pairs.

`python -m tests.simulation` prints the figures of docs/fingerprint.md.
"""
