"""The permission matrix: every surface, post, scope and field against a model that shares no code with the product."""

from pathlib import Path
from types import SimpleNamespace

import domain.conflict
import domain.policy
import domain.purpose
import domain.scope
import domain.sharing
from domain.policy import Permission
from domain.sharing import Field, Setting, Surface
from domain.staff import POSTS
from handlers.verbs import PRESENT, VERBS
from tests.policies import POLICY
from tests.privacy import cells, model
from tests.privacy.surfaces import PRESENTED, SPOKEN

REAL = SimpleNamespace(
    POLICY=POLICY,
    policy=domain.policy,
    purpose=domain.purpose,
    scope=domain.scope,
    sharing=domain.sharing,
    conflict=domain.conflict,
)


def test_every_cell_is_as_the_bank_wants_it() -> None:
    wrong, count = [], 0
    for cell, found, wanted in cells.all_cells(REAL):
        count += 1
        if found != wanted:
            wrong.append((cell, found, wanted))
    assert wrong == []
    assert count > 180_000


def test_the_matrix_leaves_nothing_out() -> None:
    """A new post, field, surface, setting, relation, purpose or permission without a word in the model fails here."""
    assert set(model.POSTS) == set(POSTS) == set(POLICY.rules)
    assert set(cells.FIELDS) == {field.value for field in Field}
    assert set(cells.SURFACES) == {surface.value for surface in Surface}
    assert set(cells.SETTINGS) == {setting.value for setting in Setting}
    assert set(cells.RELATIONS) == {relation.value for relation in domain.scope.Relation}
    assert set(cells.PURPOSES) == {purpose.value for purpose in domain.purpose.Purpose}
    named = {word for words in model.PERMISSIONS for word in words.split()}
    assert named == {permission.value for permission in Permission}


def test_every_verb_stands_in_the_table_of_surfaces() -> None:
    """A new verb, or a weaker permission of an old one, fails here until somebody has thought about it."""
    assert {verb: rule.permission and rule.permission.value for verb, rule in VERBS.items()} == dict(SPOKEN)
    assert {family: how.permission and how.permission.value for family, how in PRESENT.items()} == dict(PRESENTED)


def test_the_model_knows_nothing_of_the_product() -> None:
    source = Path(model.__file__).read_text("utf-8")
    assert "import" not in source.replace("important", "")
    assert source.count("\n") <= 150
