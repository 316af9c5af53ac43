"""Faragostar Man: the license-control agent on the customer's server."""
