from tests.journeys.begun import active, host, issued, site

__all__ = ["active", "host", "issued", "site"]
