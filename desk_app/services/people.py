"""People at the desk: who there is, signing in, adding somebody."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from desk_app import vault
from desk_app.domain.facts import CredentialSet, PersonAdded
from desk_app.domain.people import ROLES, Actor, Person
from desk_app.errors import RuleError
from desk_app.services.desk import Desk
from desk_app.services.views import FieldErrors, PersonRow
from desk_app.storage import journal, queries
from desk_app.storage.act import Act


class People:
    """The staff. Hashing takes a fifth of a second and runs aside."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._aside = ThreadPoolExecutor(1, "hashing")

    def everybody(self) -> tuple[PersonRow, ...]:
        """Everybody who may sign in."""
        with self._desk.journal.read() as connection:
            found = []
            for row in queries.people(connection):
                state = journal.visible(connection, row.stream)
                has_pin = isinstance(state, Person) and "pin" in state.credentials
                found.append(PersonRow(row.stream, row.name, row.roles, has_pin))
            return tuple(found)

    def sign_in(self, person: str, secret: str) -> Future[Actor]:
        """The person as an actor, by password or PIN; RuleError('sign_in.wrong')."""
        return self._aside.submit(self._sign_in, person, secret)

    def _sign_in(self, person: str, secret: str) -> Actor:
        with self._desk.journal.read() as connection:
            state = journal.visible(connection, person)
            if not isinstance(state, Person) or state.left:
                raise RuleError("sign_in.wrong")
            hashes = queries.texts(connection, state.credentials.values()).values()
            name = queries.names(connection, [person]).get(person, "")
        if not any(vault.secret_fits(hashed, secret) for hashed in hashes):
            raise RuleError("sign_in.wrong")
        return Actor(person, state.roles, name, state.language)

    def add(self, name: str, roles: tuple[str, ...], password: str, pin: str, by: Actor) -> Future[PersonRow]:
        """Add somebody; FieldErrors for name, roles, password, pin."""

        def work() -> PersonRow:
            check_person(name, roles, password, pin)
            hashed = hash_secrets(password, pin)
            return self._desk.act(
                by, "people.manage", lambda act: add_person(act, name, roles, hashed)
            ).result()

        return self._aside.submit(work)


def check_person(name: str, roles: tuple[str, ...], password: str, pin: str) -> None:
    """Raise FieldErrors unless this can be a person who signs in by password, PIN, or both."""
    errors: dict[str, RuleError] = {}
    if not name.strip():
        errors["name"] = RuleError("field.empty")
    if not roles or not set(roles) <= set(ROLES):
        errors["roles"] = RuleError("person.roles_needed")
    for field, secret, check in (
        ("password", password, vault.check_password),
        ("pin", pin, vault.check_pin),
    ):
        try:
            if secret:
                check(secret)
        except RuleError as error:
            errors[field] = error
    if not password and not pin:
        errors["password"] = RuleError("person.secret_needed")
    if errors:
        raise FieldErrors(errors)


def hash_secrets(password: str, pin: str) -> dict[str, str]:
    """The argon2id hash of each way to sign in that was given."""
    given = {"password": password, "pin": pin}
    return {way: vault.hash_secret(secret) for way, secret in given.items() if secret}


def add_person(
    act: Act, name: str, roles: tuple[str, ...], hashed: dict[str, str], language: str = "zh_CN"
) -> PersonRow:
    """Write a new person with credentials (way → hash)."""
    person = act.new_stream("person")
    sealed = act.seal(name.strip())
    act.add(person, PersonAdded(sealed.id, roles, language), sealed)
    for way, text in hashed.items():
        credential = act.seal(text)
        act.add(person, CredentialSet(way, credential.id), credential)
    return PersonRow(person, name.strip(), roles, "pin" in hashed)
