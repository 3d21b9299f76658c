"""The conversation's Django application."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Answers questions from the vault, each sentence proved."""

    name = "assistant"
