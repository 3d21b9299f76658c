"""The admin: every list and form opens, the audit trail cannot be changed, actions go through services."""

import pytest
from django.contrib import admin as site
from django.contrib.auth.models import Permission
from django.urls import reverse

from ingestion.models import AuditEvent, Document, IngestionRun, Library, Status
from tests.factories import make_entry, make_page, upload

OURS = [model for model in site.site._registry if model._meta.app_label in {"ingestion", "assistant"}]


@pytest.fixture
def document(owner, library, queued):
    made = upload(owner, library).document
    make_page(made.revisions.get())
    return made


@pytest.fixture
def at_work(client, admin, document):
    # Audit events are for who was given their permission, administrators included.
    admin.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    client.force_login(admin)
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_opens_and_can_be_searched(at_work, model):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert at_work.get(address, {"q": "pump"}).status_code == 200


def test_pages_that_ocr_did_not_read_surely_can_be_filtered(at_work, document):
    make_page(document.revisions.get(), 2, ocr=True, confidence=0.5)
    answer = at_work.get(reverse("admin:ingestion_page_changelist"), {"unsure": "yes"})
    assert [page.number for page in answer.context["cl"].queryset] == [2]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_opens(at_work, model):
    row = model.objects.first()
    if row is None:
        row = _made(model)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    assert at_work.get(address).status_code == 200


def _made(model):
    """A row of a model that an upload does not make."""
    from assistant.models import (
        Conversation,
        EvaluationQuestion,
        EvaluationResult,
        EvaluationRun,
        Feedback,
        Message,
        Report,
    )
    from ingestion.models import ApiToken, CompanyIdentity, IndexBuild, Library, User, WatchedFolder

    user, library = User.objects.get(username="owner"), Library.objects.get()
    run = EvaluationRun.objects.create(embedder="hash")
    message = Message.objects.create(conversation=Conversation.objects.create(user=user), role="assistant", text="oil")
    made = (
        run,
        message,
        message.conversation,
        ApiToken.objects.create(user=user, digest="d"),
        CompanyIdentity.objects.create(user=user, source="ldap", subject="s"),
        WatchedFolder.objects.create(library=library, path="/srv/manuals", added_by=user),
        IndexBuild.objects.create(model="m", dimension=8, recipe="r"),
        EvaluationResult.objects.create(run=run, question_id="q"),
        EvaluationQuestion.objects.create(question="oil?"),
        make_entry(library, "MCCB", "breaker"),
        Feedback.objects.create(message=message, user=user, helpful=True),
        Report.objects.create(message=message, user=user),
    )
    return next(row for row in made if isinstance(row, model))


def test_the_audit_trail_cannot_be_changed(at_work):
    event = AuditEvent.objects.first()
    at_work.post(reverse("admin:ingestion_auditevent_change", args=[event.pk]), {"actor": "nobody"})
    event.refresh_from_db()
    assert event.actor != "nobody"


def test_the_audit_trail_cannot_be_deleted(at_work):
    event = AuditEvent.objects.first()
    answer = at_work.post(reverse("admin:ingestion_auditevent_delete", args=[event.pk]), {"post": "yes"})
    assert answer.status_code == 403


def _act(client, name, *documents):
    address = reverse("admin:ingestion_document_changelist")
    return client.post(address, {"action": name, "_selected_action": [str(document.pk) for document in documents]})


def test_cancel_asks_the_run_to_stop(at_work, document):
    _act(at_work, "cancel", document)
    assert IngestionRun.objects.get().status == Status.CANCELLED


def test_retry_runs_a_failed_document_again(at_work, document):
    IngestionRun.objects.update(status=Status.FAILED, finished_at="2026-01-01T00:00Z")
    document.revisions.update(status=Status.FAILED)
    _act(at_work, "retry", document)
    assert IngestionRun.objects.filter(finished_at=None).count() == 1


def test_retry_leaves_a_ready_document_alone(at_work, document):
    IngestionRun.objects.update(status=Status.READY, finished_at="2026-01-01T00:00Z")
    document.revisions.update(status=Status.READY)
    _act(at_work, "retry", document)
    assert IngestionRun.objects.filter(finished_at=None).count() == 0


def test_reindex_runs_a_ready_document_again(at_work, document):
    IngestionRun.objects.update(status=Status.READY, finished_at="2026-01-01T00:00Z")
    document.revisions.update(status=Status.READY)
    _act(at_work, "reindex", document)
    assert IngestionRun.objects.filter(finished_at=None).count() == 1


def test_deleting_a_library_removes_what_is_in_it(at_work, library):
    at_work.post(reverse("admin:ingestion_library_delete", args=[library.pk]), {"post": "yes"})
    assert (Library.objects.count(), Document.objects.count()) == (0, 0)


def test_deleting_documents_in_bulk_goes_through_the_service(at_work, document):
    address = reverse("admin:ingestion_document_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [str(document.pk)], "post": "yes"}
    at_work.post(address, chosen)
    assert AuditEvent.objects.filter(action="document.delete").count() == 1


def test_whoever_is_not_staff_is_kept_out(client, owner):
    client.force_login(owner)
    assert client.get(reverse("admin:index")).status_code == 302
