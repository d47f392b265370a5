"""Rare characters: those the typeface has can be copied out of a paper, those it lacks are told before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk_app.texts import speaker
from printing.papers import inputs
from printing.papers.fonts import missing_characters
from printing.papers.intake_receipt import intake_receipt


@pytest.mark.needs_linux
def test_rare_characters_of_names_can_be_copied(
    receipt: inputs.IntakeReceipt, text: Callable[[bytes], str]
) -> None:
    given = replace(receipt, customer_name="王𬱖𫖮", reason="𬱖在句中，𫖮在句末")
    told = text(intake_receipt(given, speaker("zh_CN")))
    assert "王𬱖𫖮" in told
    assert "𬱖在句中，𫖮在句末" in told


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("欧阳文清 A-07, 25 ℃ ①②", ""),
        ("王𬱖", ""),
        ("王𠮷\n李☐𠮷", "𠮷☐"),
        ("a\tb\r\nc", ""),
        ("a\x1db", "\x1d"),
        ("", ""),
    ],
)
def test_missing_characters_are_told(text: str, missing: str) -> None:
    assert missing_characters(text) == missing
