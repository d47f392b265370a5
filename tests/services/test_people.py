"""Founding, signing in, and adding somebody."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from desk_app.domain.facts import PersonLeft
from desk_app.errors import RuleError
from desk_app.services import setup
from desk_app.services.views import FieldErrors, PersonRow
from desk_app.storage.store import Store


def test_the_founder_signs_in_by_password_or_pin(shop: Any) -> None:
    assert shop.people.everybody() == (PersonRow(shop.by.person, "王芳", setup.ADMINISTRATOR, has_pin=True),)
    for secret in ("secret123", "2580", "２５８０"):
        assert shop.people.sign_in(shop.by.person, secret).result() == shop.by


@pytest.mark.parametrize(("person", "secret"), [("", "secret124"), ("", ""), ("person/NOBODY", "secret123")])
def test_a_wrong_secret_or_person_does_not_sign_in(shop: Any, person: str, secret: str) -> None:
    refusal = shop.refused(lambda: shop.people.sign_in(person or shop.by.person, secret))
    assert refusal.code == "sign_in.wrong"


def test_who_left_signs_in_no_more(shop: Any) -> None:
    row = shop.people.add("赵六", ("clerk",), "", "2580", shop.by).result()
    assert shop.people.sign_in(row.stream, "2580").result().roles == ("clerk",)
    shop.store.act(lambda act: act.add(row.stream, PersonLeft()), shop.by, shop.clock()).result()
    assert shop.refused(lambda: shop.people.sign_in(row.stream, "2580")).code == "sign_in.wrong"
    assert [person.name for person in shop.people.everybody()] == ["王芳"]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ((" ", ("clerk",), "", "2580"), {"name": "field.empty"}),
        (("赵六", (), "", "2580"), {"roles": "person.roles_needed"}),
        (("赵六", ("king",), "", "2580"), {"roles": "person.roles_needed"}),
        (("赵六", ("clerk",), "short", ""), {"password": "password.too_short"}),
        (("赵六", ("clerk",), "", "1234"), {"pin": "pin.too_easy"}),
        (
            ("", (), "", ""),
            {"name": "field.empty", "roles": "person.roles_needed", "password": "person.secret_needed"},
        ),
    ],
)
def test_each_wrong_field_of_a_person_is_named(shop: Any, asked: Any, codes: dict[str, str]) -> None:
    refusal = shop.refused(lambda: shop.people.add(*asked, shop.by))
    assert isinstance(refusal, FieldErrors)
    assert {name: error.code for name, error in refusal.fields.items()} == codes


def test_founding_checks_every_field_before_it_joins(tmp_path: Path, clock: Any) -> None:
    asked = setup.Founding("", " ", "", "short", "1111")
    entered: list[str] = []
    store = Store(tmp_path, bytes(32))
    with pytest.raises(FieldErrors) as refusal:
        setup.found(store, clock, asked, lambda desk, name: entered.append(name))  # type: ignore[arg-type,func-returns-value]
    assert set(refusal.value.fields) == {field.name for field in dataclasses.fields(asked)} - {
        "language",
        "sample",
    }
    assert not entered and store.identity is None
    store.close()


def test_a_desk_without_a_name_does_not_join(tmp_path: Path, clock: Any) -> None:
    store = Store(tmp_path, bytes(32))
    with pytest.raises(RuleError) as refusal:
        setup.join(store, clock, " ", lambda desk, name: pytest.fail("joined"))
    assert isinstance(refusal.value, FieldErrors) and set(refusal.value.fields) == {"desk_name"}
    store.close()


def test_another_desk_knows_the_people(shop: Any, second: Any) -> None:
    assert second.people.sign_in(shop.by.person, "secret123").result() == shop.by
