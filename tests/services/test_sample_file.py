"""The sample shop's file: made up, marked, and every number reads as a scan of a real one would."""

from __future__ import annotations

from collections import Counter

from desk_app.domain.cases import CASE_KINDS
from desk_app.domain.people import ROLES
from desk_app.handbook import checklists
from desk_app.scanning.reading import Kind, read
from desk_app.services import sample

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


def test_the_waybills_are_read_as_their_carriers() -> None:
    waybills = [each.waybill for each in sample.load().returns if each.waybill]
    assert {waybill: read(waybill)[0].carrier for waybill in waybills} == CARRIERS
    assert {read(waybill)[0].kind for waybill in waybills} == {Kind.WAYBILL}


def test_some_goods_are_handed_over_at_the_window() -> None:
    assert [each.waybill for each in sample.load().returns].count("") == 2


def test_gtins_and_imeis_have_right_check_digits() -> None:
    returns = sample.load().returns
    gtins = [each.gtin for each in returns if each.gtin]
    assert [(read(one)[0].kind, read(one)[0].value) for one in gtins] == [(Kind.GTIN, one) for one in gtins]
    imeis = [each.imei for each in returns if each.imei]
    assert [(read(one)[0].kind, read(one)[0].value) for one in imeis] == [(Kind.IMEI, one) for one in imeis]
    assert (len(gtins), len(imeis)) == (11, 4)


def test_phones_have_an_imei_and_nothing_else_has() -> None:
    for each in sample.load().returns:
        assert bool(each.imei) == (each.category == "phone")


def test_everybody_is_marked_as_a_sample() -> None:
    shop = sample.load()
    names = [*(person.name for person in shop.staff), *(each.customer for each in shop.returns)]
    assert [name for name in names if not name.startswith("样例 ")] == []
    assert all(each.order.startswith("SAMPLE-") for each in shop.returns)


def test_no_number_stands_for_two_things() -> None:
    returns = sample.load().returns
    numbers = [
        number
        for each in returns
        for number in (each.serial, each.imei, each.waybill, each.order, each.phone)
        if number
    ]
    assert [number for number, count in Counter(numbers).items() if count > 1] == []


def test_the_words_are_those_of_the_trade() -> None:
    shop = sample.load()
    assert {each.kind for each in shop.returns} == set(CASE_KINDS)
    assert {each.category for each in shop.returns} == {each.key for each in checklists.load().categories}
    roles = {role for person in shop.staff for role in person.roles}
    assert {"clerk", "warehouse", "technician", "checker", "manager"} <= roles < set(ROLES)
