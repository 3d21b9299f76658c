"""Tags and other particulars of documents: on the pages, over HTTP, in the administration."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ingestion import describing, tags
from ingestion.access import scope_for, token_issue
from ingestion.description import Description, description_of
from ingestion.models import AuditEvent, Document
from tests.factories import make_library, make_page, upload

JSON = "application/json"
EN = {"Accept-Language": "en"}
SAID = Description(("pump", "seal"), "Sato", "Maintenance", "P-101", "ja")


@pytest.fixture
def documents(owner, library, queued):
    made = [upload(owner, library, text.encode(), filename=f"{text}.txt").document for text in ("one", "two")]
    for document in made:
        make_page(document.revisions.get())
    act = {"user": owner, "scope": scope_for(owner), "document_id": made[0].pk}
    describing.document_describe(**act, said=SAID)
    return made


@pytest.fixture
def document(documents):
    return documents[0]


def now(document):
    return description_of(Document.objects.get(pk=document.pk))


# --- the pages ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("told", ["Sato", "Maintenance", "P-101", "Japanese", ">pump</a>", ">seal</a>"])
def test_readers_see_on_its_page_what_was_said_of_a_document(client, reader, document, told):
    client.force_login(reader)
    assert told in client.get(reverse("document", args=[document.pk]), headers=EN).content.decode()


@pytest.mark.parametrize("told", ["Maintenance", "P-101", ">pump</a>"])
def test_the_list_of_a_library_shows_it_too(client, reader, document, library, told):
    client.force_login(reader)
    assert told in client.get(reverse("library", args=[library.pk]), headers=EN).content.decode()


def test_the_list_asks_as_many_questions_for_two_documents_as_for_ten(
    client, owner, library, documents, django_assert_max_num_queries
):
    client.force_login(owner)
    with django_assert_max_num_queries(100) as few:
        client.get(reverse("library", args=[library.pk]))
    for number in range(8):
        tags.put(upload(owner, library, f"{number}".encode()).document, [f"tag {number}"])
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("library", args=[library.pk]))


def test_a_list_is_searched_by_tags_too(client, reader, library, documents):
    client.force_login(reader)
    page = client.get(reverse("library_rows", args=[library.pk]), {"q": "seal"}).content.decode()
    assert (">one</a>" in page, ">two</a>" in page) == (True, False)


@pytest.mark.parametrize(("person", "offered"), [("owner", True), ("reader", False)])
def test_only_owners_are_offered_to_change_it(client, request, document, person, offered):
    client.force_login(request.getfixturevalue(person))
    pages = [
        client.get(reverse("document", args=[document.pk])),
        client.get(reverse("library", args=[document.library_id])),
    ]
    asked = [reverse("document_describe", args=[document.pk]), reverse("documents_change", args=[document.library_id])]
    shown = [address in page.content.decode() for page, address in zip(pages, asked, strict=True)]
    assert shown == [offered, offered]


def test_an_owner_says_it_on_the_documents_page(client, owner, documents):
    client.force_login(owner)
    said = {"tag_names": "valve、 弁", "responsible": "Ito", "department": "", "product": "P-7", "language": "en"}
    client.post(reverse("document_describe", args=[documents[0].pk]), said)
    assert now(documents[0]) == Description(("valve", "弁"), "Ito", "", "P-7", "en")


def test_the_form_holds_what_was_said(client, owner, document):
    client.force_login(owner)
    form = client.get(reverse("document", args=[document.pk])).context["description"]
    held = [form[name].value() for name in form.fields]
    assert held == ["pump, seal", "Sato", "Maintenance", "P-101", "ja"]


@pytest.mark.parametrize("said", [{"language": "tlh"}, {"tag_names": ",".join(map(str, range(60)))}])
def test_what_makes_no_sense_is_said_beside_the_field_and_changes_nothing(client, owner, document, said):
    client.force_login(owner)
    answer = client.post(reverse("document_describe", args=[document.pk]), said, headers=EN)
    assert (answer.status_code, 'role="alert"' in answer.content.decode(), now(document)) == (422, True, SAID)


# --- many at once ------------------------------------------------------------------------------------------------
def change(client, library, documents, **said):
    chosen = {"document": [str(document.pk) for document in documents]}
    address = reverse("documents_change", args=[library.pk])
    return client.post(address, {**chosen, **said}, headers={**EN, "HX-Request": "true"})


def test_chosen_documents_are_changed_where_a_box_is_ticked(client, owner, library, documents):
    client.force_login(owner)
    change(client, library, documents, add="valve", set_department="on", department="", product="left alone")
    assert [now(one) for one in documents] == [
        Description(("pump", "seal", "valve"), "Sato", "", "P-101", "ja"),
        Description(("valve",)),
    ]


def test_days_of_many_documents_are_set_at_once(client, owner, library, documents):
    client.force_login(owner)
    change(client, library, documents, set_effective_until="on", effective_until="2027-05-02")
    assert set(Document.objects.values_list("effective_until", flat=True)) == {date(2027, 5, 2)}


def test_the_answer_offers_the_way_back(client, owner, library, documents):
    client.force_login(owner)
    undo = change(client, library, documents, add="valve", remove="pump").context["undo"]
    client.post(reverse("documents_change_undo", args=[library.pk]), {"undo": undo})
    assert [now(one) for one in documents] == [SAID, Description()]


def test_where_nothing_became_different_nothing_is_offered_to_be_undone(client, owner, library, document):
    client.force_login(owner)
    assert change(client, library, [document], add="pump").context["undo"] == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"document": []}, "No document is chosen"),
        ({"set_effective_from": "on", "effective_from": "never"}, "valid date"),
        (
            {
                "set_effective_from": "on",
                "effective_from": "2026-05-03",
                "set_effective_until": "on",
                "effective_until": "2026-05-02",
            },
            "would never be effective",
        ),
        ({"add": ",".join(map(str, range(60)))}, "50 tags"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_none(client, owner, documents, said, told):
    client.force_login(owner)
    answer = change(client, documents[0].library, documents, **said)
    assert (told in answer.content.decode(), now(documents[0])) == (True, SAID)


def test_without_scripts_the_whole_page_says_it(client, owner, library, document):
    client.force_login(owner)
    address = reverse("documents_change", args=[library.pk])
    page = client.post(address, {"document": str(document.pk), "add": "valve"}, headers=EN).content.decode()
    assert ("1 document was changed." in page, "</html>" in page) == (True, True)


def test_a_document_of_another_library_is_not_found(client, owner, library, documents):
    other = upload(owner, make_library("Fans", owner=owner)).document
    client.force_login(owner)
    answer = change(client, library, [*documents, other], add="valve")
    assert (answer.status_code, now(documents[0])) == (404, SAID)


# --- over HTTP ---------------------------------------------------------------------------------------------------
@pytest.fixture
def api(client, owner):
    headers = {"Authorization": f"Bearer {token_issue(user=owner)}", **EN}

    def call(method, address, said=None, **more):
        body = {"data": said, "content_type": JSON} if said is not None else more
        return getattr(client, method)(f"/api/v1{address}", headers=headers, **body)

    return call


def told(response):
    names = ("tags", "responsible", "department", "product", "language", "languages")
    return tuple(response.json()[name] for name in names)


def test_the_api_tells_what_was_said(api, document):
    found = told(api("get", f"/documents/{document.pk}"))
    assert found == (["pump", "seal"], "Sato", "Maintenance", "P-101", "ja", ["ja"])


def test_the_api_changes_only_what_is_sent(api, document):
    found = told(api("patch", f"/documents/{document.pk}", {"tags": ["valve"], "language": None}))
    assert found == (["valve"], "Sato", "Maintenance", "P-101", None, [])


def test_the_api_changes_days_and_tags_together_or_neither(api, document):
    reversed_days = {"effective_from": "2026-05-03", "effective_until": "2026-05-02"}
    answer = api("patch", f"/documents/{document.pk}", {"tags": [], **reversed_days})
    assert (answer.status_code, now(document)) == (422, SAID)


def test_what_the_api_does_not_change_is_not_audited(api, document):
    AuditEvent.objects.all().delete()
    api("patch", f"/documents/{document.pk}", {"product": "P-7"})
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["document.describe"]


@pytest.mark.parametrize(
    "said",
    [
        {"tags": "pump"},
        {"tags": None},
        {"tags": [1]},
        {"tags": [","]},
        {"tags": ["x" * 256]},
        {"tags": [str(number) for number in range(60)]},
        {"department": None},
        {"department": "x" * 201},
        {"language": "tlh"},
        {"language": ""},
        ["pump"],
    ],
)
def test_the_api_refuses_what_makes_no_sense(api, document, said):
    answer = api("patch", f"/documents/{document.pk}", said)
    assert (answer.status_code, now(document)) == (422, SAID)


def test_an_upload_says_where_the_file_lay(api, library):
    part = {"file": SimpleUploadedFile("a.txt", b"text"), "path": "pumps/P-101/a.txt"}
    made = api("post", f"/libraries/{library.pk}/documents", data=part).json()
    assert tags.names_of(Document.objects.get(pk=made["id"])) == ["P-101", "pumps"]


def test_the_same_bytes_from_another_folder_get_its_tags_too(api, library):
    for folder in ("a", "b"):
        part = {"file": SimpleUploadedFile("a.txt", b"text"), "path": f"{folder}/a.txt"}
        made = api("post", f"/libraries/{library.pk}/documents", data=part).json()
    assert tags.names_of(Document.objects.get(pk=made["id"])) == ["a", "b"]


def test_the_api_lists_the_tags_of_what_may_be_read_and_is_answered_from(api, owner, documents, admin):
    secret = upload(admin, make_library("Secret", owner=admin)).document
    for document in (*documents, secret):
        tags.add(document, ["pump"])
        Document.objects.filter(pk=document.pk).update(current=document.revisions.get())
    assert api("get", "/tags").json() == [{"name": "pump", "documents": 2}, {"name": "seal", "documents": 1}]


# --- in the administration ---------------------------------------------------------------------------------------
def test_the_administration_says_it_through_the_service(client, admin, document):
    client.force_login(admin)
    said = {
        "title": "Pump",
        "tag_names": "valve",
        "responsible": "Ito",
        "department": "",
        "product": "",
        "language": "",
    }
    inline = {"revisions-TOTAL_FORMS": "0", "revisions-INITIAL_FORMS": "0"}
    client.post(reverse("admin:ingestion_document_change", args=[document.pk]), {**said, **inline})
    found = Document.objects.get(pk=document.pk)
    described = AuditEvent.objects.filter(action="document.describe", actor="admin").exists()
    assert (found.title, now(document), described) == ("Pump", Description(("valve",), "Ito"), True)
