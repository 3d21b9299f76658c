"""Addresses of the assistant room."""

from django.urls import URLPattern, URLResolver, path

from assistant import dictionary_views, health, reports_views, views
from assistant.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.chat, name="chat"),
    path("history/", views.history, name="history"),
    path("c/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/title/", views.title, name="conversation_title"),
    path("c/<uuid:conversation_id>/delete/", views.delete, name="conversation_delete"),
    path("messages/<uuid:message_id>/", views.message, name="message"),
    path("messages/<uuid:message_id>/feedback/", views.feedback, name="feedback"),
    path("messages/<uuid:message_id>/report/", reports_views.report, name="report"),
    path("messages/<uuid:message_id>/report/withdraw/", reports_views.withdraw, name="report_withdraw"),
    path("reports/", reports_views.listed, name="reports"),
    path("reports/<uuid:report_id>/resolve/", reports_views.resolve, name="report_resolve"),
    path("reports/<uuid:report_id>/reopen/", reports_views.reopen, name="report_reopen"),
    path("citations/<uuid:citation_id>/", views.citation, name="citation"),
    path("libraries/<uuid:library_id>/dictionary/", dictionary_views.dictionary, name="dictionary"),
    path("libraries/<uuid:library_id>/dictionary/preview/", dictionary_views.tried, name="dictionary_preview"),
    path("libraries/<uuid:library_id>/dictionary/import/", dictionary_views.imported, name="dictionary_import"),
    path("libraries/<uuid:library_id>/dictionary/export/", dictionary_views.exported, name="dictionary_export"),
    path("libraries/<uuid:library_id>/dictionary/<uuid:entry_id>/", dictionary_views.entry, name="dictionary_entry"),
    path(
        "libraries/<uuid:library_id>/dictionary/<uuid:entry_id>/delete/",
        dictionary_views.entry_delete,
        name="dictionary_entry_delete",
    ),
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
