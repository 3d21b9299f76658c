"""The Celery application. Queues: `parse` (CPU, reads files) and `embed` (GPU where there is one)."""

import os  # Celery starts here without manage.py, so the settings module is named here
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tenkyo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logs(**_: Any) -> None:
    """Workers write their lines as config/logs.py says; without a receiver Celery would put its own format on them."""
