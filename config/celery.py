"""The Celery application. Queues: `parse` (CPU, reads files) and `embed` (GPU where there is one)."""

import os  # Celery starts here without manage.py, so the settings module is named here

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tenkyo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
