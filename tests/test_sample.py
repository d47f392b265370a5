"""The sample shop: made up, marked, and every number reads as a scan of a real one would."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import resources
from desk_app import sample
from desk_app.domain.cases import CASE_KINDS
from desk_app.domain.people import ROLES
from desk_app.handbook import checklists
from desk_app.scanning.reading import Kind, read

CARRIERS = {
    "SF1600000000101": "sf",
    "YT8800000000101": "yto",
    "73600000000102": "zto",
    "773000000000103": "sto",
    "460000000000101": "yunda",
    "JDX000000000101": "jd",
    "EA600000109CN": "ems",
    "1Z999AA10000001014": "ups",
    "6000001011": "dhl",
    "9400100000000000001010": "usps",
}
SOURCE = resources.path("sample/shop.toml")


def test_the_waybills_are_read_as_their_carriers() -> None:
    waybills = [each.waybill for each in sample.load().returns if each.waybill]
    assert {waybill: read(waybill)[0].carrier for waybill in waybills} == CARRIERS
    assert {read(waybill)[0].kind for waybill in waybills} == {Kind.WAYBILL}


def test_some_goods_are_handed_over_at_the_window() -> None:
    assert [each.waybill for each in sample.load().returns].count("") == 2


def test_gtins_and_imeis_have_right_check_digits() -> None:
    shop = sample.load()
    gtins = [product.gtin for product in shop.products]
    assert [(read(one)[0].kind, read(one)[0].value) for one in gtins] == [(Kind.GTIN, one) for one in gtins]
    imeis = [each.imei for each in shop.returns if each.imei]
    assert [(read(one)[0].kind, read(one)[0].value) for one in imeis] == [(Kind.IMEI, one) for one in imeis]
    assert (len(gtins), len(imeis)) == (8, 4)


def test_phones_have_an_imei_and_nothing_else_has() -> None:
    shop = sample.load()
    for each in shop.returns:
        assert bool(each.imei) == (shop.product(each.product).category == "phone")


def test_everybody_and_everything_is_marked_as_a_sample() -> None:
    shop = sample.load()
    names = [shop.store.name, *(each.name for each in (*shop.staff, *shop.customers, *shop.products))]
    assert [name for name in names if not name.startswith("样例")] == []
    assert all(each.order_number.startswith("SAMPLE-") for each in shop.returns)


def test_no_number_stands_for_two_things() -> None:
    shop = sample.load()
    numbers = [number for each in shop.returns for number in (each.serial, each.imei, each.waybill)]
    numbers += [each.order_number for each in shop.returns] + [each.gtin for each in shop.products]
    numbers += [each.phone for each in shop.customers]
    assert [number for number, count in Counter(filter(None, numbers)).items() if count > 1] == []


def test_the_words_are_those_of_the_trade() -> None:
    shop = sample.load()
    assert {each.kind for each in shop.returns} == set(CASE_KINDS)
    known = {category.key for category in checklists.load().categories}
    assert {product.category for product in shop.products} == known
    roles = {role for person in shop.staff for role in person.roles}
    assert {"clerk", "warehouse", "technician", "checker", "manager"} <= roles < set(ROLES)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('customer = "berg"', 'customer = "nobody"', "customer of these keys: nobody"),
        ('product = "lamp"', 'product = "nothing"', "product of these keys: nothing"),
        ('roles = ["clerk"]', "", "roles"),
        ("[store]", "[store", "shop.toml"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SOURCE.read_text("utf-8").replace(right, wrong), "utf-8")
    with pytest.raises(ValueError, match=r"^shop\.toml: ") as failed:
        sample.read(file)
    assert told in str(failed.value)
