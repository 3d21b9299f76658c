"""Middleware that stays on the event loop, but for what is written to the database and for bodies that are read."""

import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory

from config.on_the_loop import Csrf, OnTheLoop
from tests.factories import make_library, make_user


async def answer(request: Any) -> HttpResponse:
    return HttpResponse("answered")


class Noting(OnTheLoop):
    saves = False

    def process_request(self, request: Any) -> None:
        request.before = threading.get_ident()

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        request.after = threading.get_ident()
        return response

    def to_be_saved(self, request: Any) -> bool:
        return self.saves


async def asked(middleware: OnTheLoop) -> Any:
    request = RequestFactory().get("/")
    await middleware(request)
    return request


async def test_what_precedes_and_follows_a_view_runs_on_the_loop() -> None:
    request = await asked(Noting(answer))

    assert {request.before, request.after} == {threading.get_ident()}


async def test_what_is_to_be_saved_is_saved_off_the_loop() -> None:
    middleware = Noting(answer)
    middleware.saves = True

    request = await asked(middleware)

    assert request.after != threading.get_ident()


async def test_a_form_is_looked_into_off_the_loop(monkeypatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(CsrfViewMiddleware, "process_view", lambda *_: read.append(threading.get_ident()))

    await Csrf(answer).process_view(RequestFactory().post("/", {"a": "b"}), answer, (), {})

    assert read != [threading.get_ident()]


@pytest.mark.django_db(transaction=True)
async def test_a_sign_in_is_kept_in_the_session(async_client) -> None:
    await sync_to_async(make_user)("reader")

    await async_client.post("/login/", {"username": "reader", "password": "correct horse battery"})

    assert (await async_client.get("/libraries/")).status_code == 200


@pytest.mark.django_db(transaction=True)
async def test_a_notice_outlives_a_redirect(async_client) -> None:
    owner = await sync_to_async(make_user)("owner")
    library = await sync_to_async(make_library)(owner=owner)
    await async_client.aforce_login(owner)

    page = await async_client.post(f"/libraries/{library.pk}/proof/", {"proved_only": "True"}, follow=True)

    assert "次の質問から" in page.content.decode()
