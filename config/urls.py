"""Which room answers which address. Rooms are named as strings: config imports neither app."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("", include("ingestion.urls")),
    path("", include("assistant.urls")),
]
handler500 = "ingestion.web.server_error"
