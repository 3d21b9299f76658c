"""The vault's Django application."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    """Takes documents in, guards them, makes them findable."""

    name = "ingestion"

    def ready(self) -> None:
        """Register the system checks and what listens for the audit log."""
        from ingestion import checks, sign_in, trail  # noqa: F401  # importing registers them
