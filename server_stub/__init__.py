"""The vendor's signing server, a Django project."""
