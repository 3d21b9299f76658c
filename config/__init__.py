"""How Tenkyo is run: environment, settings, portfolio of models, logs, broker, URLs."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
