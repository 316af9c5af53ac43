"""The edge of this machine: each platform's probe reads it and hands an `Inventory` inwards.

Deliberately absent: judgement. A probe never compares, and what it cannot read it names, with the
reason, instead of guessing.
"""
