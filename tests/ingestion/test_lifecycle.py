"""Draft, effective from and until, withdrawn: decided by today's date, said by owners, told to readers."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from ingestion import selectors, services
from ingestion.access import scope_for, token_issue
from ingestion.errors import DatesReversed, NotFound, WithdrawnInFuture
from ingestion.index import Hit
from ingestion.lifecycle import Lifecycle, Standing, effective, in_words, lifecycle_of, standing, today, warning
from ingestion.models import AuditEvent, Chunk, Document, DocumentState
from tests.factories import make_library, make_page, upload
from tests.lifecycles import OUT_OF_FORCE, lifecycle, put

JSON = "application/json"
MAY_3 = date(2026, 5, 3)


@pytest.fixture
def document(owner, library, queued):
    made = upload(owner, library).document
    revision = made.revisions.get()
    page = make_page(revision)
    Chunk.objects.create(revision=revision, page=page, ordinal=0, start=0, end=3, text="The", content_hash="x")
    revision.languages = "en"
    revision.save()
    made.current = revision
    made.save()
    return made


@pytest.fixture
def may_3(monkeypatch):
    """It is noon of 3 May at the site."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 3, 3, 0, tzinfo=UTC))


def declare(owner, document, **said):
    return services.document_declare(
        user=owner, scope=scope_for(owner), document_id=document.id, said=Lifecycle(**said)
    )


# --- the date decides --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("standing_today", Standing)
def test_a_document_stands_where_its_state_and_dates_put_it(document, standing_today):
    assert standing(put(document, standing_today)) == standing_today


def test_the_database_and_the_page_agree_on_what_is_in_force(library, may_3):
    days = [None, MAY_3 - timedelta(days=1), MAY_3, MAY_3 + timedelta(days=1)]
    for state, begin, end in product(DocumentState.values, days, days):
        Document.objects.create(library=library, title="x", state=state, effective_from=begin, effective_until=end)
    found = set(Document.objects.filter(effective()))
    assert found == {one for one in Document.objects.all() if standing(one) == Standing.EFFECTIVE}


def test_what_is_not_found_as_in_force_is_found_as_not_in_force(library, may_3):
    days = [None, MAY_3 - timedelta(days=1), MAY_3 + timedelta(days=1)]
    for begin, end in product(days, days):
        Document.objects.create(library=library, title="x", effective_from=begin, effective_until=end)
    both = (Document.objects.filter(effective()).count(), Document.objects.exclude(effective()).count())
    assert both == (4, 5)


@pytest.mark.parametrize(
    ("zone", "now", "said"),
    [
        ("Asia/Tokyo", "2026-05-02T14:59:59+00:00", Standing.UPCOMING),
        ("Asia/Tokyo", "2026-05-02T15:00:00+00:00", Standing.EFFECTIVE),
        ("Europe/Berlin", "2026-05-02T21:59:59+00:00", Standing.UPCOMING),
        ("Europe/Berlin", "2026-05-02T22:00:00+00:00", Standing.EFFECTIVE),
    ],
)
def test_a_document_becomes_effective_at_midnight_of_the_site(monkeypatch, settings, zone, now, said):
    settings.TIME_ZONE = zone
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(now))
    assert standing(Document(effective_from=MAY_3)) == said


def test_the_time_zone_of_a_person_changes_no_date(monkeypatch, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 2, 15, 0, tzinfo=UTC))
    with timezone.override("America/New_York"):
        assert today() == MAY_3


def test_a_document_of_which_nothing_is_said_is_effective_at_once_and_without_an_end(document):
    assert (lifecycle_of(document), standing(document)) == (Lifecycle(), Standing.EFFECTIVE)


@pytest.mark.parametrize(
    ("said", "english", "japanese"),
    [
        (Lifecycle(), "effective", "有効"),
        (Lifecycle(effective_from=MAY_3), "effective since May 3, 2026", "2026年5月3日から有効中"),
        (Lifecycle(effective_from=date(2026, 6, 1)), "effective from June 1, 2026 on", "2026年6月1日から有効"),
        (Lifecycle(effective_until=MAY_3), "effective until May 3, 2026", "2026年5月3日まで有効"),
        (
            Lifecycle(effective_until=date(2026, 5, 2)),
            "no longer effective since the end of May 2, 2026",
            "2026年5月2日で有効期間が終了",
        ),
        (Lifecycle(DocumentState.DRAFT), "draft", "下書き"),
        (
            Lifecycle(DocumentState.WITHDRAWN, withdrawn_on=MAY_3),
            "withdrawn since May 3, 2026",
            "2026年5月3日に廃止",
        ),
    ],
)
def test_the_standing_is_told_in_words(may_3, said, english, japanese):
    document = Document(
        state=said.state,
        effective_from=said.effective_from,
        effective_until=said.effective_until,
        withdrawn_on=said.withdrawn_on,
    )
    told = []
    for language in ("en", "ja"):
        with translation.override(language):
            told.append(in_words(document))
    assert told == [english, japanese]


# --- what is searched --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("standing_today", OUT_OF_FORCE)
def test_a_chunk_of_a_document_that_is_not_in_force_is_left_out_whatever_the_index_says(
    document, reader, standing_today
):
    put(document, standing_today)
    assert selectors.chunks_of(scope_for(reader), [Hit(document.current_id, 0, 1.0)]) == {}


@pytest.mark.parametrize("standing_today", OUT_OF_FORCE)
def test_a_search_is_told_to_pass_over_what_is_not_in_force(document, reader, standing_today):
    put(document, standing_today)
    assert selectors.out_of_force(scope_for(reader)) == [document.current_id]


def test_a_search_passes_over_nothing_that_is_in_force(document, reader):
    put(document, Standing.EFFECTIVE)
    assert selectors.out_of_force(scope_for(reader)) == []


def test_what_is_not_in_force_elsewhere_is_none_of_the_scopes_business(document, owner, queued):
    other = upload(owner, make_library("Other", owner=owner), b"other").document
    Document.objects.filter(pk=other.pk).update(current=other.revisions.get(), state=DocumentState.DRAFT)
    assert selectors.out_of_force(scope_for(owner).narrowed([document.library_id])) == []


def test_the_languages_that_are_answered_from_are_those_in_force(document, reader):
    put(document, Standing.WITHDRAWN)
    assert selectors.languages_of(scope_for(reader)) == set()


# --- owners say it -----------------------------------------------------------------------------------------------
def test_a_document_withdrawn_without_a_day_is_withdrawn_today(document, owner):
    assert declare(owner, document, state=DocumentState.WITHDRAWN).withdrawn_on == today()


def test_a_document_that_is_effective_again_is_withdrawn_no_more(document, owner):
    put(document, Standing.WITHDRAWN)
    assert declare(owner, document).withdrawn_on is None


def test_what_was_said_and_what_was_said_before_are_audited(document, owner):
    declare(owner, document, effective_from=MAY_3)
    assert AuditEvent.objects.get(action="document.declare").facts == {
        "said": {"state": "effective", "effective_from": "2026-05-03"},
        "before": {"state": "effective"},
    }


def test_a_document_cannot_end_before_it_begins(document, owner):
    with pytest.raises(DatesReversed):
        declare(owner, document, effective_from=MAY_3, effective_until=MAY_3 - timedelta(days=1))


def test_a_document_cannot_have_been_withdrawn_tomorrow(document, owner):
    with pytest.raises(WithdrawnInFuture):
        declare(owner, document, state=DocumentState.WITHDRAWN, withdrawn_on=today() + timedelta(days=1))


def test_a_reader_says_nothing(document, reader):
    with pytest.raises(NotFound):
        declare(reader, document, state=DocumentState.WITHDRAWN)


# --- the document's page -----------------------------------------------------------------------------------------
def page_of(client, document, **asked):
    return client.get(reverse("document", args=[document.id]), asked, headers={"Accept-Language": "en"})


@pytest.mark.parametrize("standing_today", OUT_OF_FORCE)
@pytest.mark.parametrize("name", ["document", "page", "page_indexed", "library"])
def test_readers_are_told_in_words_that_a_document_is_not_in_force(client, reader, document, standing_today, name):
    put(document, standing_today)
    client.force_login(reader)
    arguments = {"library": [document.library_id], "document": [document.id]}.get(name, [document.id, 1])
    page = client.get(reverse(name, args=arguments), headers={"Accept-Language": "en"}).content.decode()
    with translation.override("en"):
        words = warning(document)
    assert f"{words[0].upper()}{words[1:]}</span>" in page


def test_nothing_is_told_of_a_document_of_which_nothing_was_said(client, reader, document):
    client.force_login(reader)
    assert "out-of-force" not in page_of(client, document).content.decode()


@pytest.mark.parametrize(("person", "offered"), [("owner", True), ("reader", False)])
def test_only_owners_are_offered_to_say_it(client, request, document, person, offered):
    client.force_login(request.getfixturevalue(person))
    assert (reverse("document_declare", args=[document.id]) in page_of(client, document).content.decode()) == offered


def post(client, document, **said):
    address = reverse("document_declare", args=[document.id])
    return client.post(address, {"state": "effective", **said}, headers={"Accept-Language": "en"})


def test_an_owner_says_on_the_page_from_when_until_when(client, owner, document):
    client.force_login(owner)
    post(client, document, effective_from="2026-05-03", effective_until="2027-05-02")
    document.refresh_from_db()
    assert lifecycle_of(document) == Lifecycle(effective_from=MAY_3, effective_until=date(2027, 5, 2))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_date_fields_hold_what_a_browser_reads(client, owner, document, language):
    Document.objects.filter(pk=document.pk).update(effective_from=MAY_3)
    client.force_login(owner)
    page = client.get(reverse("document", args=[document.id]), headers={"Accept-Language": language})
    assert '<input type="date" name="effective_from" value="2026-05-03"' in page.content.decode()


@pytest.mark.parametrize("before", Standing)
def test_what_was_said_is_undone_exactly(client, owner, document, before):
    put(document, before)
    client.force_login(owner)
    back = post(client, document, state="withdrawn", withdrawn_on="2020-01-01")["Location"]
    undo = client.get(back).context["undo"]
    post(client, document, **dict(undo.said_before()))
    document.refresh_from_db()
    assert lifecycle_of(document) == lifecycle(before)


def test_no_way_back_is_offered_to_how_it_is(client, owner, document):
    client.force_login(owner)
    assert page_of(client, document, **{"was-state": "effective"}).context["undo"] is None


def test_a_way_back_that_somebody_made_up_is_not_offered(client, owner, document):
    client.force_login(owner)
    assert page_of(client, document, **{"was-state": "<b>", "was-effective_from": "x"}).context["undo"] is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"effective_from": "2026-05-03", "effective_until": "2026-05-02"}, "would never be effective"),
        ({"effective_from": "never"}, "valid date"),
        ({"state": "eternal"}, "valid choice"),
        ({"state": "withdrawn", "withdrawn_on": "2999-01-01"}, "still to come"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_fields_and_changes_nothing(client, owner, document, said, told):
    client.force_login(owner)
    answer = post(client, document, **said)
    document.refresh_from_db()
    assert (answer.status_code, told in answer.content.decode(), lifecycle_of(document)) == (422, True, Lifecycle())


# --- the HTTP API ------------------------------------------------------------------------------------------------
@pytest.fixture
def api(client, owner, document):
    headers = {"Authorization": f"Bearer {token_issue(user=owner)}"}
    return lambda method, **said: getattr(client, method)(
        f"/api/v1/documents/{document.id}", said or None, content_type=JSON, headers=headers
    )


def told(response):
    names = ("state", "effective_from", "effective_until", "withdrawn_on", "effective")
    return tuple(response.json()[name] for name in names)


def test_the_api_tells_that_a_document_is_effective(client, owner, document, api):
    headers = {"Authorization": f"Bearer {token_issue(user=owner)}"}
    assert told(client.get(f"/api/v1/documents/{document.id}", headers=headers)) == (
        "effective",
        None,
        None,
        None,
        True,
    )


def test_the_api_changes_only_what_is_sent(document, api):
    Document.objects.filter(pk=document.pk).update(effective_from=MAY_3)
    assert told(api("patch", effective_until="2026-05-09")) == ("effective", "2026-05-03", "2026-05-09", None, False)


def test_the_api_takes_a_date_away_with_null(document, api):
    Document.objects.filter(pk=document.pk).update(effective_from=date(2999, 1, 1))
    assert told(api("patch", effective_from=None)) == ("effective", None, None, None, True)


def test_the_api_withdraws(document, api):
    assert told(api("patch", state="withdrawn"))[3:] == (today().isoformat(), False)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"effective_from": "2026-05-03", "effective_until": "2026-05-02"}, "dates_reversed"),
        ({"state": "withdrawn", "withdrawn_on": "2999-01-01"}, "withdrawn_in_future"),
        ({"state": "eternal"}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"effective_from": "yesterday"}, "invalid_request"),
    ],
)
def test_the_api_refuses_what_makes_no_sense(api, said, code):
    answer = api("patch", **said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


# --- the administration ------------------------------------------------------------------------------------------
def act(client, name, *documents):
    address = reverse("admin:ingestion_document_changelist")
    client.post(address, {"action": name, "_selected_action": [str(one.pk) for one in documents]})


def test_the_administration_withdraws_in_bulk_and_audited(client, admin, document):
    client.force_login(admin)
    act(client, "withdraw", document)
    document.refresh_from_db()
    assert (standing(document), AuditEvent.objects.filter(action="document.declare").count()) == ("withdrawn", 1)


def test_what_is_withdrawn_already_keeps_its_day(client, admin, document):
    put(document, Standing.WITHDRAWN)
    client.force_login(admin)
    act(client, "withdraw", document)
    document.refresh_from_db()
    assert document.withdrawn_on == today() - timedelta(days=1)


@pytest.mark.parametrize("before", OUT_OF_FORCE)
def test_the_administration_makes_effective_in_bulk(client, admin, document, before):
    put(document, before)
    client.force_login(admin)
    act(client, "make_effective", document)
    document.refresh_from_db()
    assert standing(document) == Standing.EFFECTIVE


@pytest.mark.parametrize(("chosen", "found"), [("yes", ["pump manual"]), ("no", ["old"])])
def test_the_administration_filters_by_what_is_answered_from_today(client, admin, document, chosen, found):
    put(upload(admin, document.library, b"old", filename="old.txt").document, Standing.EXPIRED)
    client.force_login(admin)
    listed = client.get(reverse("admin:ingestion_document_changelist"), {"in_force": chosen}).context["cl"].queryset
    assert [one.title for one in listed] == found


def test_the_administrations_form_changes_no_lifecycle_past_the_audit(client, admin, document):
    client.force_login(admin)
    address = reverse("admin:ingestion_document_change", args=[document.pk])
    revisions = {"revisions-TOTAL_FORMS": 0, "revisions-INITIAL_FORMS": 0}
    client.post(address, {"title": "renamed", "state": "withdrawn", **revisions})
    document.refresh_from_db()
    assert (document.title, document.state) == ("renamed", "effective")
