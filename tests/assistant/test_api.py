from io import BytesIO

import pytest
from django.test import Client

from assistant.models import Citation, Conversation, Message
from ingestion import tasks
from ingestion.access import token_issue
from ingestion.models import Page
from tests.factories import make_library, replace, text_file, upload

API = "/api/v1"
JSON = "application/json"


@pytest.fixture
def taken_in(queued, fake_embedder, open_index, django_capture_on_commit_callbacks):
    """`taken_in(action)` runs an upload and works its tasks to the end."""
    tasks.embedded_worker.set()

    def settled(action):
        with django_capture_on_commit_callbacks(execute=True):
            made = action()
        while queued.waiting:
            with django_capture_on_commit_callbacks(execute=True):
                queued()
        return made

    yield settled
    tasks.embedded_worker.clear()


@pytest.fixture
def manual(owner, library, taken_in):
    """A text of three pages, taken in to the end, in `library`."""
    document = taken_in(lambda: upload(owner, library)).document
    document.refresh_from_db()
    assert document.current is not None
    return document


@pytest.fixture
def citation(owner, manual):
    page = Page.objects.get(revision=manual.current, number=1)
    conversation = Conversation.objects.create(user=owner)
    message = Message.objects.create(conversation=conversation, role="assistant")
    return Citation.objects.create(
        message=message,
        number=1,
        revision=page.revision,
        document_title=manual.title,
        page=1,
        start=0,
        end=9,
        quote=page.text[:9],
        boxes=[[56.0, 56.0, 200.0, 90.0]],
    )


def find(client, headers, query="pump oil", **more):
    return client.post(f"{API}/search", {"query": query, **more}, content_type=JSON, headers=headers)


def of_stranger(stranger):
    return {"Authorization": f"Bearer {token_issue(user=stranger)}"}


@pytest.mark.django_db
class TestSignIn:
    def test_a_token_opens_the_api(self, client, bearer):
        assert client.get(f"{API}/libraries", headers=bearer).status_code == 200

    def test_a_session_may_read(self, client, owner):
        client.force_login(owner)
        assert client.get(f"{API}/libraries").status_code == 200

    def test_a_session_without_its_csrf_token_may_not_write(self, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        response = client.post(f"{API}/search", {"query": "x"}, content_type=JSON)
        assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf_failed")

    def test_a_session_with_its_csrf_token_may_write(self, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        client.cookies["csrftoken"] = "a" * 32
        response = client.post(f"{API}/search", {"query": " "}, content_type=JSON, headers={"X-CSRFToken": "a" * 32})
        assert response.json()["error"]["code"] == "question_empty"

    def test_a_token_needs_no_csrf_token(self, bearer):
        client = Client(enforce_csrf_checks=True)
        assert find(client, bearer, " ").json()["error"]["code"] == "question_empty"

    def test_an_unknown_token_is_not_signed_in(self, client):
        response = client.get(f"{API}/libraries", headers={"Authorization": "Bearer tenkyo_wrong"})
        assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="tenkyo"')

    def test_the_token_of_a_person_who_left_is_not_signed_in(self, client, owner, bearer):
        owner.is_active = False
        owner.save()
        assert client.get(f"{API}/libraries", headers=bearer).status_code == 401


class TestSearch:
    def test_the_page_that_says_it_comes_first(self, client, bearer, manual):
        hit = find(client, bearer).json()["hits"][0]
        assert (hit["rank"], hit["document"], hit["page"]) == (1, str(manual.id), 1)

    def test_a_hit_has_what_the_contract_names(self, client, bearer, manual):
        hit = find(client, bearer).json()["hits"][0]
        named = {"rank", "score", "document", "title", "revision", "page", "heading", "text", "boxes"}
        assert set(hit) == named

    def test_a_hit_has_boxes_on_its_page(self, client, bearer, manual):
        (box, *_) = find(client, bearer).json()["hits"][0]["boxes"]
        assert 0 <= box[0] < box[2] <= Page.objects.get(revision=manual.current, number=1).width

    def test_the_time_is_told(self, client, bearer, manual):
        assert set(find(client, bearer).json()["timings"]) == {"retrieve_ms", "total_ms"}

    def test_no_more_hits_than_asked_for(self, client, bearer, manual):
        assert len(find(client, bearer, limit=1).json()["hits"]) == 1

    def test_a_stranger_finds_nothing(self, client, stranger, manual):
        assert find(client, of_stranger(stranger)).json()["hits"] == []

    def test_libraries_narrow_the_search(self, client, owner, bearer, manual):
        other = make_library("Other", owner=owner)
        assert find(client, bearer, libraries=[str(other.id)]).json()["hits"] == []

    def test_a_library_of_others_is_not_found(self, client, stranger, manual, library):
        assert find(client, of_stranger(stranger), libraries=[str(library.id)]).status_code == 404


class TestPicture:
    def test_a_page_is_a_png(self, client, bearer, manual):
        response = client.get(f"{API}/documents/{manual.id}/pages/1.png", headers=bearer)
        assert (response["Content-Type"], response.content[:4]) == ("image/png", b"\x89PNG")

    def test_only_the_browser_keeps_it_and_asks_again(self, client, bearer, manual):
        response = client.get(f"{API}/documents/{manual.id}/pages/1.png", headers=bearer)
        assert response["Cache-Control"] == "private, no-cache"

    def test_what_the_browser_has_is_not_sent_again(self, client, bearer, manual):
        url = f"{API}/documents/{manual.id}/pages/1.png"
        etag = client.get(url, headers=bearer)["ETag"]
        assert client.get(url, headers=bearer | {"If-None-Match": etag}).status_code == 304

    def test_a_browser_that_has_it_still_needs_access(self, client, bearer, stranger, manual):
        url = f"{API}/documents/{manual.id}/pages/1.png"
        etag = client.get(url, headers=bearer)["ETag"]
        assert client.get(url, headers=of_stranger(stranger) | {"If-None-Match": etag}).status_code == 404

    def test_a_citation_is_marked_in_yellow(self, client, bearer, manual, citation):
        url = f"{API}/documents/{manual.id}/pages/1.png?citation={citation.id}"
        assert yellow(client.get(url, headers=bearer).content) > 1000

    def test_without_a_citation_nothing_is_marked(self, client, bearer, manual):
        assert yellow(client.get(f"{API}/documents/{manual.id}/pages/1.png", headers=bearer).content) == 0

    def test_a_citation_of_another_page_is_not_found(self, client, bearer, manual, citation):
        url = f"{API}/documents/{manual.id}/pages/2.png?citation={citation.id}"
        assert client.get(url, headers=bearer).status_code == 404

    def test_a_citation_in_somebody_elses_answer_is_not_found(self, client, reader, manual, citation):
        url = f"{API}/documents/{manual.id}/pages/1.png?citation={citation.id}"
        assert client.get(url, headers={"Authorization": f"Bearer {token_issue(user=reader)}"}).status_code == 404

    def test_a_citation_shows_the_revision_it_was_made_from(self, client, bearer, manual, citation, taken_in):
        url = f"{API}/documents/{manual.id}/pages/1.png?citation={citation.id}"
        before = client.get(url, headers=bearer)["ETag"]
        taken_in(lambda: replace(citation.message.conversation.user, manual, text_file("Quite another text.")))
        assert client.get(url, headers=bearer)["ETag"] == before

    def test_an_old_revision_is_shown_by_its_id(self, client, owner, bearer, manual, taken_in):
        old = manual.current_id
        taken_in(lambda: replace(owner, manual, text_file("Only one page.")))
        assert client.get(f"{API}/documents/{manual.id}/pages/3.png?revision={old}", headers=bearer).status_code == 200


@pytest.mark.django_db
class TestDescription:
    def test_openapi_names_every_address_of_the_contract(self, client):
        paths = client.get(f"{API}/openapi.json").json()["paths"]
        assert {
            f"{API}{path}"
            for path in (
                "/libraries",
                "/libraries/{library_id}/documents",
                "/documents/{document_id}",
                "/documents/{document_id}/file",
                "/documents/{document_id}/cancel",
                "/documents/{document_id}/retry",
                "/documents/{document_id}/pages/{number}",
                "/documents/{document_id}/pages/{number}.png",
                "/search",
                "/ask",
            )
        } <= set(paths)

    def test_every_operation_needs_a_token_or_a_session(self, client):
        paths = client.get(f"{API}/openapi.json").json()["paths"]
        unguarded = [
            f"{method} {path}"
            for path, operations in paths.items()
            for method, operation in operations.items()
            if operation.get("security") != [{"TokenKey": []}, {"SessionKey": []}]
        ]
        assert unguarded == []

    def test_the_page_of_the_description_loads_nothing_from_elsewhere(self, client):
        body = client.get(f"{API}/docs").content.decode()
        assert [word for word in ("https://", "http://", 'src="//') if word in body] == []

    def test_the_page_of_the_description_runs_no_inline_script(self, client):
        response = client.get(f"{API}/docs")
        assert "script-src 'self';" in response["Content-Security-Policy"]

    def test_its_scripts_are_served_from_here(self, client):
        assert client.get("/static/ninja/swagger-ui-bundle.js").status_code == 200


def yellow(png):
    """How many pixels of a PNG are the marker's yellow."""
    from PIL import Image

    picture = Image.open(BytesIO(png)).convert("RGB")
    return sum(count for count, color in picture.getcolors(1 << 24) if color == (255, 233, 92))
