"""Every action that the code records has its sentence, and every sentence can be said of what is recorded."""

import ast
import string

import pytest
from django.utils.translation import override

from ingestion.audit_words import ACTIONS, Filed, in_words
from tests.conftest import REPOSITORY

WRITERS = {"record", "_record"}
ACTION = r"[a-z]+(\.[a-z_]+)+"


def calls():
    """(file, module's constant dictionaries, call) of each call that writes into the audit log."""
    for room in ("ingestion", "assistant"):
        for file in sorted((REPOSITORY / room).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
                    yield file, _tables(tree), node


def _tables(tree):
    return {
        node.targets[0].id: [value.value for value in node.value.values if isinstance(value, ast.Constant)]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Dict)
    }


def actions_of(node, tables):
    """What a first argument may be: a text, one of two, or a value of a constant dictionary; None: nobody can tell."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return [*actions_of(one, tables), *actions_of(other, tables)]
        case ast.Subscript(value=ast.Name(id=name)) if name in tables:
            return tables[name]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, default]) if name in tables:
            return [*tables[name], *actions_of(default, tables)]
        case ast.Name(id="action"):  # the one line inside a `_record` that hands it on
            return []
    return None


RECORDED = [(file.name, actions_of(call.args[0], tables)) for file, tables, call in calls()]


def test_every_action_that_is_recorded_can_be_read_in_the_code():
    assert [file for file, actions in RECORDED if actions is None] == []


def test_every_action_that_is_recorded_has_its_sentence():
    assert {action for _, actions in RECORDED for action in actions or ()} - set(ACTIONS) == set()


def test_no_sentence_is_kept_for_an_action_that_is_gone():
    # The log may hold these from before.
    before = {"token.create"}
    assert set(ACTIONS) - {action for _, actions in RECORDED for action in actions or ()} == before


@pytest.mark.parametrize("action", ACTIONS)
def test_a_sentence_names_only_what_a_row_has(action):
    places = {name for _, name, _, _ in string.Formatter().parse(str(ACTIONS[action].sentence)) if name}
    assert all(name.isidentifier() for name in places)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_sentence_is_said_in_both_languages(action):
    said = []
    for language in ("en", "ja"):
        with override(language):
            said.append(in_words(action, actor="a", subject="b", facts={}))
    assert said[0] != said[1]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_filed_where_ocsf_has_a_place(action):
    assert isinstance(ACTIONS[action].filed, Filed)
