"""The administration of evaluation: figures, plot and table, what got worse first, questions from conversations."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from assistant.models import Conversation, EvaluationQuestion, EvaluationResult, EvaluationRun, Message
from ingestion.models import AuditEvent

FIGURES = {"questions": 4, "hit@5": 1.0, "correct": 0.5, "page_precision": 0.75, "refused_answerable": 0.25}


@pytest.fixture
def at_work(client, admin):
    admin.language = "en"
    admin.save()
    client.force_login(admin)
    client.cookies["django_language"] = "en"
    return client


def make_run(library, **answers):
    """A complete run in which each named question was answered right or wrong."""
    run = EvaluationRun.objects.create(
        library=library,
        state="complete",
        embedder="hash",
        summary={"tenkyo": {"groups": {"all": FIGURES}, "curve": []}},
    )
    for name, right in answers.items():
        outcome = {"pages": ["pump:2"], "right": right, "abstained": False, "timings": {}, "sentences": []}
        gold = {"evidence": [["pump:2"]], "expect": [], "answer": "", "answerable": True}
        EvaluationResult.objects.create(run=run, question_id=name, question=f"{name}?", gold=gold, outcome=outcome)
    return run


def page(client, name, *args):
    return client.get(reverse(f"admin:assistant_{name}", args=args)).content.decode()


def test_a_run_s_page_shows_its_figures(at_work, library):
    assert "0.750" in page(at_work, "evaluationrun_change", make_run(library).pk)


def test_the_plot_has_a_table_with_the_same_values_beside_it(at_work, library):
    runs = [make_run(library), make_run(library)]
    shown = page(at_work, "evaluationrun_change", runs[1].pk)
    plot, table = shown.split('<svg role="img"')[1].split("</svg>", 1)
    assert all(f"#{run.pk}" in plot and f"#{run.pk}" in table for run in runs)


def test_the_plot_needs_no_script_and_no_style(at_work, library):
    plot = re.search(
        r'<svg role="img".*?</svg>', page(at_work, "evaluationrun_change", make_run(library).pk), re.DOTALL
    )[0]
    assert not re.search(r"style=|<script|<style|href", plot)


def test_a_run_s_page_leads_to_what_changed_since_another(at_work, library):
    before, after = make_run(library), make_run(library)
    assert reverse("admin:assistant_evaluationrun_diff", args=[before.pk, after.pk]) in page(
        at_work, "evaluationrun_change", after.pk
    )


def test_runs_of_another_library_are_not_compared(at_work, library):
    other = make_run(None)
    assert f"{other.pk}/diff/" not in page(at_work, "evaluationrun_change", make_run(library).pk)


def test_what_got_worse_is_listed_first(at_work, library):
    before = make_run(library, a=False, b=True, c=True, d=True)
    after = make_run(library, a=True, b=False, c=True, e=True)
    shown = page(at_work, "evaluationrun_diff", before.pk, after.pk)
    assert re.findall(r"(\w) \(tenkyo\)", shown) == ["b", "a", "d", "e"]


def test_runs_that_agree_say_so(at_work, library):
    shown = page(at_work, "evaluationrun_diff", make_run(library, a=True).pk, make_run(library, a=True).pk)
    assert "Nothing changed." in shown


def test_a_comparison_with_an_unknown_run_is_not_found(at_work, library):
    address = reverse("admin:assistant_evaluationrun_diff", args=[make_run(library).pk, 999])
    assert at_work.get(address).status_code == 404


def test_staff_without_the_permission_see_no_comparison(client, reader, library):
    reader.is_staff = True
    reader.save()
    client.force_login(reader)
    run = make_run(library)
    assert client.get(reverse("admin:assistant_evaluationrun_diff", args=[run.pk, run.pk])).status_code == 403


@pytest.fixture
def conversation(reader):
    return Conversation.objects.create(user=reader, title="oil")


@pytest.fixture
def asked(conversation):
    return Message.objects.create(conversation=conversation, role="user", text="P-101は?")


def add(client, *chosen):
    data = {"action": "add_to_evaluation", "_selected_action": [str(message.pk) for message in chosen]}
    return client.post(reverse("admin:assistant_message_changelist"), data)


def test_a_user_s_question_is_copied_for_evaluation(at_work, asked):
    add(at_work, asked)
    row = EvaluationQuestion.objects.get()
    assert (row.question, row.message, row.ready) == ("P-101は?", asked, False)


def test_an_answer_stands_for_its_question(at_work, conversation, asked):
    answer = Message.objects.create(conversation=conversation, role="assistant", question=asked, text="500 h")
    add(at_work, answer)
    assert EvaluationQuestion.objects.get().question == "P-101は?"


def test_a_question_is_copied_once(at_work, asked):
    add(at_work, asked)
    add(at_work, asked)
    assert EvaluationQuestion.objects.count() == 1


def test_copying_is_in_the_audit_trail(at_work, asked):
    add(at_work, asked)
    assert AuditEvent.objects.filter(action="evaluation.question_added", actor="admin").exists()


def test_staff_without_the_permission_cannot_copy(client, owner, asked):
    owner.is_staff = True
    owner.save()
    owner.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(owner)
    add(client, asked)
    assert not EvaluationQuestion.objects.exists()


def change(client, row, **fields):
    data = {"question": row.question, "kind": "log", "answer": "", "expect": "", "evidence": "", **fields}
    return client.post(reverse("admin:assistant_evaluationquestion_change", args=[row.pk]), data)


def test_what_is_expected_is_filled_in(at_work, library):
    row = EvaluationQuestion.objects.create(question="P-101は?")
    change(at_work, row, library=library.pk, expect="500", evidence="pump manual:1 | pump manual:2")
    row.refresh_from_db()
    assert row.ready


def test_a_page_must_be_named_with_its_number(at_work, library):
    row = EvaluationQuestion.objects.create(question="P-101は?")
    answer = change(at_work, row, library=library.pk, evidence="pump manual, page 1")
    assert "pump manual, page 1 is not written as title:page." in answer.content.decode()
