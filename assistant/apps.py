"""The conversation's Django application."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Answers questions from the vault, each sentence proved."""

    name = "assistant"

    def ready(self) -> None:
        """Say what this room's actions in the audit log mean."""
        from assistant.audit_words import ACTIONS
        from ingestion.audit_words import add_actions

        add_actions(ACTIONS)
