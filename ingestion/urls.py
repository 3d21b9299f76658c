"""Addresses of the ingestion room."""

from django.contrib.auth import views as accounts
from django.urls import URLPattern, path

from ingestion import account_views, audit_views, bulk_views, change_views, document_views, page_views, views

urlpatterns: list[URLPattern] = [
    path("login/", accounts.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("password/", account_views.PasswordChange.as_view(), name="password_change"),
    path("account/", account_views.account, name="account"),
    path("account/sessions/end/", account_views.session_end, name="session_end"),
    path("account/tokens/", account_views.token_make, name="token_make"),
    path("account/tokens/withdraw/", account_views.token_withdraw, name="token_withdraw"),
    path("audit/", audit_views.audit, name="audit"),
    path("audit/check/", audit_views.audit_check, name="audit_check"),
    path("audit/export/", audit_views.audit_export, name="audit_export"),
    path("libraries/", views.libraries, name="libraries"),
    path("libraries/<uuid:library_id>/", views.library, name="library"),
    path("libraries/<uuid:library_id>/documents/", views.library_rows, name="library_rows"),
    path("libraries/<uuid:library_id>/describe/", bulk_views.documents_change, name="documents_change"),
    path("libraries/<uuid:library_id>/describe/undo/", bulk_views.documents_change_undo, name="documents_change_undo"),
    path("libraries/<uuid:library_id>/proof/", views.library_prove, name="library_prove"),
    path("documents/<uuid:document_id>/", document_views.document, name="document"),
    path("documents/<uuid:document_id>/state/", document_views.document_state, name="document_state"),
    path("documents/<uuid:document_id>/cancel/", views.document_cancel, name="document_cancel"),
    path("documents/<uuid:document_id>/retry/", views.document_retry, name="document_retry"),
    path("documents/<uuid:document_id>/changes/", change_views.document_changes, name="document_changes"),
    path("documents/<uuid:document_id>/lifecycle/", document_views.document_declare, name="document_declare"),
    path("documents/<uuid:document_id>/describe/", document_views.document_describe, name="document_describe"),
    path("documents/<uuid:document_id>/delete/", views.document_delete, name="document_delete"),
    path("documents/<uuid:document_id>/file", views.document_file, name="document_file"),
    path("documents/<uuid:document_id>/pages/<int:number>/", page_views.page, name="page"),
    path("documents/<uuid:document_id>/pages/<int:number>/indexed/", page_views.page_indexed, name="page_indexed"),
    path(
        "documents/<uuid:document_id>/pages/<int:number>/thumbnail.png",
        page_views.page_thumbnail,
        name="page_thumbnail",
    ),
    path("documents/<uuid:document_id>/pages/<int:number>/retry/", page_views.page_retry, name="page_retry"),
]
