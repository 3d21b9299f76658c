"""The admin shows staff what their Scope holds: a permission says what kind of row, the Scope says which."""

import pytest
from django.contrib import admin as site
from django.contrib.auth.models import Permission
from django.urls import reverse

from assistant.models import (
    Conversation,
    DictionaryEntry,
    EvaluationQuestion,
    EvaluationResult,
    EvaluationRun,
    Feedback,
    Message,
    Report,
)
from ingestion.models import Document, IngestionRun, Library, Page, Revision, WatchedFolder
from tests.factories import make_entry, make_library, make_page, make_user, upload

SCOPED = (
    Library,
    Document,
    Revision,
    Page,
    IngestionRun,
    Conversation,
    Message,
    Feedback,
    EvaluationRun,
    EvaluationResult,
    EvaluationQuestion,
    Report,
    DictionaryEntry,
    WatchedFolder,
)
# Rows that hold nothing of any library: whoever has the permission sees them all (audit events: whoever was given it).
UNSCOPED = {"user", "group", "indexbuild", "apitoken", "auditevent", "companyidentity"}
WORDS = " ".join(f"word{number}" for number in range(3000))


@pytest.fixture
def staff(client, reader):
    """May see and change every kind of row; reads `library`, and owns nothing."""
    reader.is_staff = True
    reader.save()
    reader.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["ingestion", "assistant"]))
    client.force_login(reader)
    return client


def filled(library, user):
    """One row of every kind, of this library and this person."""
    owner = library.owners.get()
    document = upload(owner, library, filename=f"{library.name}.txt").document
    make_page(document.revisions.get())
    conversation = Conversation.objects.create(user=user, title=library.name)
    message = Message.objects.create(conversation=conversation, role="assistant", text=library.name)
    Feedback.objects.create(message=message, user=user, helpful=True)
    run = EvaluationRun.objects.create(embedder="hash", library=library, state="complete")
    EvaluationResult.objects.create(run=run, question_id=library.name)
    EvaluationQuestion.objects.create(question="oil?", library=library)
    Report.objects.create(message=message, user=user).libraries.add(library)
    make_entry(library, library.name, "in other words")
    WatchedFolder.objects.create(library=library, path=f"/srv/{library.name}", added_by=user)
    return library


@pytest.fixture
def readable(library, reader, queued):
    return filled(library, reader)


@pytest.fixture
def hidden(readable):
    other = make_user("outsider")
    return filled(make_library("Secret", owner=other), other)


def address(model, page, *of):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=of)


def of_library(model, library):
    paths = {
        Library: {"pk": library.pk},
        Document: {"library": library},
        Revision: {"document__library": library},
        Page: {"revision__document__library": library},
        IngestionRun: {"revision__document__library": library},
        Conversation: {"title": library.name},
        Message: {"text": library.name},
        Feedback: {"message__text": library.name},
        EvaluationRun: {"library": library},
        EvaluationResult: {"run__library": library},
        EvaluationQuestion: {"library": library},
        Report: {"libraries": library},
        DictionaryEntry: {"library": library},
        WatchedFolder: {"library": library},
    }
    return model.objects.get(**paths[model])


def test_every_kind_of_row_of_the_admin_goes_through_the_scope_or_holds_nothing_of_a_library():
    assert {model for model in site.site._registry if model._meta.model_name not in UNSCOPED} == set(SCOPED)


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_staff_see_in_lists_what_they_may_read_and_nothing_else(staff, readable, hidden, model):
    listed = staff.get(address(model, "changelist")).context["cl"].queryset
    assert list(listed) == [of_library(model, readable)]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_staff_find_no_page_of_a_row_they_may_not_read(staff, hidden, model):
    answer = staff.get(address(model, "change", of_library(model, hidden).pk))
    # The admin answers an id that does not exist the same way: with a word on its first page.
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_no_list_names_a_library_or_person_outside_the_scope(staff, hidden, model):
    shown = staff.get(address(model, "changelist")).content.decode()
    assert ("Secret" in shown, "outsider" in shown) == (False, False)


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_a_superuser_sees_every_row(client, admin, hidden, model):
    client.force_login(admin)
    assert client.get(address(model, "changelist")).context["cl"].result_count == 2


def test_two_runs_of_a_library_outside_the_scope_cannot_be_compared(staff, hidden):
    run = of_library(EvaluationRun, hidden)
    assert staff.get(reverse("admin:assistant_evaluationrun_diff", args=[run.pk, run.pk])).status_code == 404


def test_a_form_offers_only_libraries_of_the_scope(staff, hidden):
    shown = staff.get(address(EvaluationQuestion, "add")).content.decode()
    assert ("Pumps" in shown, "Secret" in shown) == (True, False)


def test_a_question_without_a_library_is_seen_by_whoever_asked_it(staff, readable, hidden):
    for library in (readable, hidden):
        EvaluationQuestion.objects.create(question="whose?", message=of_library(Message, library))
    listed = staff.get(address(EvaluationQuestion, "changelist")).context["cl"].queryset
    assert [row.message.text for row in listed if row.question == "whose?"] == ["Pumps"]


@pytest.mark.parametrize("model", [Library, Document])
def test_staff_change_only_what_they_own(staff, readable, model):
    row = of_library(model, readable)
    answer = staff.post(address(model, "change", row.pk), {"name": "Mine", "title": "Mine"})
    row.refresh_from_db()
    assert (answer.status_code, str(row) == "Mine") == (403, False)


def test_staff_delete_in_bulk_only_what_they_own(staff, readable):
    chosen = {"action": "delete_selected", "_selected_action": [str(readable.pk)], "post": "yes"}
    staff.post(address(Library, "changelist"), chosen)
    assert Library.objects.filter(pk=readable.pk).exists()


def test_whoever_makes_a_library_in_the_admin_owns_it(staff, reader):
    staff.post(address(Library, "add"), {"name": "New", "description": ""})
    assert list(Library.objects.get(name="New").owners.all()) == [reader]


@pytest.mark.parametrize("model", site.site._registry, ids=lambda model: model.__name__)
def test_a_search_for_thousands_of_words_is_answered(client, admin, model):
    # Audit events are for who was given their permission, administrators included.
    admin.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    client.force_login(admin)
    assert client.get(address(model, "changelist"), {"q": WORDS}).status_code == 200


def test_a_search_in_the_admin_still_finds(client, admin, hidden):
    client.force_login(admin)
    found = client.get(address(Document, "changelist"), {"q": "secret txt"}).context["cl"]
    assert [document.title for document in found.queryset] == ["Secret"]


def test_staff_see_of_a_report_no_sentence_that_a_library_outside_the_scope_may_have_given(staff, readable):
    report = of_library(Report, readable)
    report.sentence = report.message.sentences.create(ordinal=0, text="Secret words", verdict="unsupported")
    report.save()
    shown = [staff.get(address(Report, *page)).content.decode() for page in [("changelist",), ("change", report.pk)]]
    assert ["Secret words" in one for one in shown] == [False, False]
