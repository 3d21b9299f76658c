"""The ASGI door: uvicorn serves this application."""

import os

from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from config.threads import KeptThreads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Outside Django, which writes a whole request body to disk before any of its own code runs.
application = import_string("ingestion.uploads.UploadLimit")(KeptThreads(get_asgi_application()))
