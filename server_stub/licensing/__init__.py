"""Licenses, their bindings, and the agents' door."""
