"""The conversation's Django application."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Answers questions from the vault, each sentence proved."""

    name = "assistant"

    def ready(self) -> None:
        """Say what this room's actions in the audit log mean, and keep its copies of pages as pages are masked."""
        from assistant.audit_words import ACTIONS
        from assistant.masking import correct_copies
        from ingestion.audit_words import add_actions
        from ingestion.masking import tell_of_masked_pages

        add_actions(ACTIONS)
        tell_of_masked_pages(correct_copies)
