"""Every address with an id in it, from the URL resolver: each person × each method × a real, unknown, malformed id.

What a person may not reach answers exactly as what does not exist: status, headers and body. An address added later is
in the matrix by itself; an id of a new kind fails `test_every_id_in_an_address_is_of_a_known_kind` until it is named.
"""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver

from assistant.api import api
from assistant.models import Citation, Conversation, Feedback, Message, Report
from ingestion.access import scope_for, token_issue
from ingestion.models import Document
from ingestion.partial_uploads import Announced, upload_begin
from tests.factories import make_entry, make_library, make_page, upload

API = "/api/v1"
JSON = "application/json"
UNKNOWN = "00000000-0000-4000-8000-000000000007"
METHODS = ("get", "post", "put", "patch", "delete")
PEOPLE = ("stranger", "reader", "owner", "admin")
# What an address's ids name: rows of the vault, which the Scope opens, rows of one person's own conversation, what is
# for the owners of a library alone, or what one of them is sending.
VAULT, PRIVATE = {"library_id", "document_id"}, {"conversation_id", "message_id", "citation_id"}
OWNED = {"report_id", "entry_id"}
SENT = {"upload_id"}
PUBLIC = {
    "login",
    "company",
    "company_back",
    "set_language",
    "healthz",
    "readyz",
    "metrics",
    "openapi-json",
    "openapi-view",
    "api-root",
}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def _walk(resolver, before=""):
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from _walk(one, route)
        else:
            yield route, one.name


ALL = dict(_walk(get_resolver()))
DOORS = sorted(route for route in ALL if _PART.search(route))
CLOSED = sorted(route for route, name in ALL.items() if not _PART.search(route) and name not in PUBLIC)


def _kinds(route):
    return set(_PART.findall(route)) - {"number"}


def _may(person, route, method):
    if _kinds(route) & PRIVATE:
        return person == "reader"
    if _kinds(route) & SENT:
        return person == "owner"
    return person in {"owner", "admin"} or (not _kinds(route) & OWNED and person == "reader" and method == "get")


def _address(route, ids):
    return "/" + _PART.sub(lambda part: str(ids[part[1]]), route)


@pytest.fixture
def ids(library, owner, reader, monkeypatch):
    """A real object of every kind: a document of `library`, and a conversation of `reader` that cites it."""
    monkeypatch.setattr("ingestion.pictures.page_png", lambda _page: b"picture")
    monkeypatch.setattr("ingestion.pictures.thumbnail_png", lambda _page: b"small picture")
    monkeypatch.setattr("ingestion.pictures.highlighted", lambda *_: b"marked")
    document = upload(owner, library).document
    revision = document.revisions.get()
    page = make_page(revision)
    Document.objects.filter(pk=document.pk).update(current=revision)
    conversation = Conversation.objects.create(user=reader, title="Oil")
    asked = Message.objects.create(conversation=conversation, role="user", text="Oil?")
    answer = Message.objects.create(conversation=conversation, role="assistant", question=asked, text="Yes.")
    citation = Citation.objects.create(
        message=answer,
        number=1,
        revision=revision,
        document_title=document.title,
        page=1,
        start=0,
        end=9,
        quote=page.text[:9],
        boxes=[[56.0, 56.0, 200.0, 90.0]],
    )
    refusal = Message.objects.create(conversation=conversation, role="assistant", question=asked, abstained=True)
    report = Report.objects.create(message=refusal, user=reader)
    report.libraries.add(library)
    return {
        "library_id": library.pk,
        "document_id": document.pk,
        "number": 1,
        "conversation_id": conversation.pk,
        "message_id": answer.pk,
        "citation_id": citation.pk,
        "report_id": report.pk,
        "entry_id": make_entry(library, "P-101", "給水ポンプ1号").pk,
        "upload_id": _on_its_way(owner, library).pk,
    }


def _on_its_way(owner, library):
    facts = {"announced": Announced(9, "pump.txt"), "library_id": library.pk}
    return upload_begin(user=owner, scope=scope_for(owner), **facts)


@pytest.fixture
def sent(request):
    """`sent(person, method, address)`: the response to a signed-in person ("anonymous": to nobody)."""

    def send(person, method, address, **more):
        client = Client(raise_request_exception=False)
        if person != "anonymous":
            client.force_login(request.getfixturevalue(person))
        headers = {"X-Request-ID": "the-same-request", "Accept-Language": "en"}
        return getattr(client, method)(address, headers=headers, **(more or body(method)))

    return send


def body(method):
    """What the doors of that method take."""
    if method == "post":  # what uploads take, and no other door looks at
        return {"data": {"file": SimpleUploadedFile("new.txt", b"new text")}}
    if method == "patch":  # what the one door that is patched takes: a stranger's would withdraw the document
        return {"data": {"state": "withdrawn"}, "content_type": JSON}
    return {}


def told(response, ids):
    """All a response tells, with the ids it was asked by blotted out."""
    told = [str(response.status_code), *(f"{name}: {value}" for name, value in sorted(response.headers.items()))]
    told += [*sorted(response.cookies), b"".join(response).decode(errors="replace")]
    text = re.sub(r'(csrfmiddlewaretoken"? value=|X-CSRFToken": )"\w+"', r"\1", "\n".join(told))
    for one in (*ids.values(), UNKNOWN, "malformed"):
        text = text.replace(str(one), "…") if one != 1 else text
    return re.sub(r"Content-Length: \d+", "", text)


def unknown(ids):
    return {kind: 1 if kind == "number" else UNKNOWN for kind in ids}


def test_every_id_in_an_address_is_of_a_known_kind():
    assert {kind for route in DOORS for kind in _kinds(route)} <= VAULT | PRIVATE | OWNED | SENT


def test_every_operation_of_the_api_with_an_id_is_in_the_matrix():
    described = {path.strip("/") for path in api.get_openapi_schema()["paths"] if "{" in path}
    assert described <= {_PART.sub(r"{\1}", route) for route in DOORS}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", DOORS)
def test_what_a_person_may_not_reach_answers_as_what_does_not_exist(sent, ids, route, person):
    refused = [method for method in METHODS if not _may(person, route, method)]
    real = [sent(person, method, _address(route, ids)) for method in refused]
    other = [sent(person, method, _address(route, unknown(ids))) for method in refused]
    assert [(True, told(one, ids)) for one in other] == [
        (one.status_code in {404, 405}, told(one, ids)) for one in real
    ]


@pytest.mark.parametrize("person", ["stranger", "admin"])
@pytest.mark.parametrize("route", DOORS)
def test_a_malformed_id_is_an_unknown_id(sent, ids, route, person):
    malformed = dict.fromkeys(ids, "malformed") | {"number": 1}
    said = {sent(person, method, _address(route, malformed)).status_code for method in METHODS}
    assert said <= {404, 405}


@pytest.mark.parametrize("route", DOORS)
def test_who_is_not_signed_in_learns_nothing_from_an_id(sent, ids, route):
    real = [told(sent("anonymous", method, _address(route, ids)), ids) for method in METHODS]
    assert real == [told(sent("anonymous", method, _address(route, unknown(ids))), ids) for method in METHODS]


@pytest.mark.parametrize("route", DOORS + CLOSED)
def test_who_is_not_signed_in_is_sent_to_sign_in(sent, ids, route):
    said = {sent("anonymous", method, _address(route, ids)).status_code for method in METHODS}
    assert said <= {302, 401, 405}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("route", DOORS)
def test_what_a_person_may_reach_answers(sent, ids, route, person):
    allowed = [method for method in METHODS if _may(person, route, method)]
    said = {method: sent(person, method, _address(route, ids)).status_code for method in allowed}
    assert [
        method for method, status in said.items() if status in {401, 403, 500} or (status, method) == (404, "get")
    ] == []


@pytest.mark.parametrize("way", ["session", "token"])
@pytest.mark.parametrize("route", DOORS)
def test_a_suspended_person_is_nobody(ids, owner, route, way):
    client, headers = Client(), {}
    if way == "session":
        client.force_login(owner)
    else:
        headers = {"Authorization": f"Bearer {token_issue(user=owner)}"}
    owner.is_active = False
    owner.save()
    said = {getattr(client, method)(_address(route, ids), headers=headers).status_code for method in METHODS}
    assert said <= {302, 401, 405}


@pytest.mark.parametrize("person", ["owner", "admin"])
@pytest.mark.parametrize("route", [route for route in DOORS if route.startswith("api/")])
def test_a_token_for_another_library_reaches_nothing_of_this_one(request, ids, route, person):
    holder = request.getfixturevalue(person)
    token = token_issue(user=holder, libraries=[make_library("Fans", owner=holder)])
    headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "the-same-request", "Accept-Language": "en"}

    def answers(of):
        client = Client(raise_request_exception=False)
        given = [getattr(client, method)(_address(route, of), headers=headers, **body(method)) for method in METHODS]
        return [(one.status_code in {404, 405}, told(one, ids)) for one in given]

    assert answers(ids) == [(True, said) for _, said in answers(unknown(ids))]


@pytest.mark.parametrize("route", [route for route in DOORS if _kinds(route) & VAULT])
def test_a_group_that_may_read_no_more_is_refused_at_the_next_request(sent, ids, library, route):
    library.readers.clear()
    assert sent("reader", "get", _address(route, ids)).status_code in {404, 405}


def test_a_person_who_leaves_a_group_is_refused_at_the_next_request(sent, ids, reader):
    reader.groups.remove(Group.objects.get(name="Maintenance"))
    assert sent("reader", "get", f"/documents/{ids['document_id']}/").status_code == 404


@pytest.mark.parametrize("gone", ["library", "document"])
@pytest.mark.parametrize("route", [route for route in DOORS if _kinds(route) & {"document_id", "citation_id"}])
def test_what_was_deleted_is_not_found(sent, ids, library, route, gone):
    library.delete() if gone == "library" else Document.objects.get(pk=ids["document_id"]).delete()
    assert sent("reader", "get", _address(route, ids)).status_code in {404, 405}


@pytest.mark.parametrize("person", ["stranger", "owner", "admin"])
def test_a_page_is_not_marked_by_another_persons_citation(sent, ids, person):
    address = f"{API}/documents/{ids['document_id']}/pages/1.png?citation="
    real, other = (sent(person, "get", f"{address}{one}") for one in (ids["citation_id"], UNKNOWN))
    assert told(real, ids) == told(other, ids)


@pytest.mark.parametrize("person", ["stranger", "owner", "admin"])
@pytest.mark.parametrize("field", ["conversation", "regenerate"])
def test_another_persons_conversation_cannot_be_gone_on_with(sent, ids, person, field):
    kind = {"conversation": "conversation_id", "regenerate": "message_id"}[field]
    real, other = (
        sent(person, "post", f"{API}/ask", data={"question": "x", field: str(one)}, content_type=JSON)
        for one in (ids[kind], UNKNOWN)
    )
    assert (real.status_code, told(real, ids)) == (404, told(other, ids))


@pytest.mark.parametrize("door", ["search", "ask"])
def test_a_library_that_may_not_be_read_cannot_be_asked(sent, ids, door):
    real, other = (
        sent("stranger", "post", f"{API}/{door}", data=asked, content_type=JSON)
        for asked in ({"query": "x", "question": "x", "libraries": [str(one)]} for one in (ids["library_id"], UNKNOWN))
    )
    assert (real.status_code, told(real, ids)) == (404, told(other, ids))


def test_another_persons_feedback_is_not_given(sent, ids):
    sent("admin", "post", f"/messages/{ids['message_id']}/feedback/", data={"helpful": "yes"})
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("door", ["", "file", "pages/1/", "pages/1/indexed/", "pages/1/thumbnail.png"])
def test_a_revision_of_another_document_is_not_found(sent, ids, owner, library, door):
    other = upload(owner, library, b"another text", filename="other.txt").document.revisions.get()
    assert sent("reader", "get", f"/documents/{ids['document_id']}/{door}?revision={other.pk}").status_code == 404
