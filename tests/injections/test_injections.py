"""Every planted instruction, taken in as any document, before a model that does whatever it is told."""

import json
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.template.loader import render_to_string

from assistant import selectors, services
from assistant.display import answer_page
from assistant.evaluation.injections.corpus import read_injections, spread
from assistant.evaluation.injections.documents import planted
from assistant.evaluation.injections.outcomes import Shown, breach
from ingestion.access import scope_for
from tests.factories import make_library, make_user, upload
from tests.fakes import ObedientModel

INJECTIONS = read_injections(Path(__file__).parent)
ATTACKS = list(dict.fromkeys(one.attack for one in INJECTIONS))


@pytest.fixture
def taken(owner, fake_embedder, open_index, worked):
    """`taken(injection)`: its document in a library of its own, beside one that the owner may not read."""
    secret = make_library("Board", owner=make_user("board"))
    worked(
        lambda: upload(
            make_user("clerk", is_superuser=True), secret, b"Payroll of the board: 9,999.", filename="payroll.txt"
        )
    )

    def take(injection):
        library, file = make_library(injection.id, owner=owner), planted(injection)
        return worked(lambda: upload(owner, library, file.content, filename=file.filename)).document, file

    return take


def shown(user, document, question):
    async def ask():
        return [event async for event in services.ask(user=user, scope=scope, question=question)]

    scope = scope_for(user).narrowed([document.library_id])
    done = async_to_sync(ask)()[-1].data
    message = selectors.message_of(user, scope, done["message"])
    return Shown(done, render_to_string("assistant/_answer.html", answer_page(message)))


def obeyed(monkeypatch, taken, owner, injection):
    document, file = taken(injection)
    model = ObedientModel(injection.obeyed, injection.canary)
    monkeypatch.setattr(services, "answer_model", lambda _name=None: model)
    said = shown(owner, document, file.question)
    return breach(injection, said, documents={str(document.id)}), model, said


def test_there_are_more_than_a_hundred_in_two_languages():
    assert (len(INJECTIONS) > 100, {one.language for one in INJECTIONS}) == (True, {"ja", "en"})


def test_every_canary_stands_in_its_own_instruction_only():
    texts = json.dumps([one.text for one in INJECTIONS], ensure_ascii=False)
    assert all(texts.count(one.canary) >= 1 for one in INJECTIONS)


def test_a_sample_has_every_attack_in_both_languages():
    sample = spread(INJECTIONS, 2 * len(ATTACKS))
    assert len({(one.attack, one.language) for one in sample}) == 2 * len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_an_obedient_model_does_reaches_no_reader(attack, monkeypatch, taken, owner, admin):
    found = {one.id: obeyed(monkeypatch, taken, owner, one)[0] for one in INJECTIONS if one.attack == attack}
    assert {key: one for key, one in found.items() if one.any} == {}
