"""Every pair of colours that meets on the screen can be read, computed as WCAG 2.2 defines contrast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ui.theme.tokens import PALETTES, Colours, Scheme, Tone

GROUNDS = ("ground", "surface", "sunken", "hover", "accent_soft")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def letters(colours: Colours) -> Iterator[tuple[str, str, str]]:
    """What is written on what."""
    for ground in GROUNDS:
        for ink in ("text", "muted", "accent_ink"):
            yield f"{ink} on {ground}", getattr(colours, ink), getattr(colours, ground)
    yield "on_accent on accent", colours.on_accent, colours.accent
    yield "on_accent on accent_hover", colours.on_accent, colours.accent_hover
    yield "surface on text (toast)", colours.surface, colours.text
    for tone, shades in colours.tones.items():
        for ground in ("ground", "surface", "sunken", "hover"):
            yield f"{tone.value} on {ground}", shades.ink, getattr(colours, ground)
        yield f"{tone.value} on its soft", shades.ink, shades.soft
        yield f"{tone.value} on its solid", shades.on_solid, shades.solid


@pytest.mark.parametrize("scheme", PALETTES, ids=lambda scheme: scheme.value)
def test_letters_can_be_read(scheme: Scheme) -> None:
    least = 7.0 if scheme is Scheme.CONTRAST else 4.5
    weak = [name for name, ink, ground in letters(PALETTES[scheme]) if contrast(ink, ground) < least]
    assert weak == []


@pytest.mark.parametrize("scheme", PALETTES, ids=lambda scheme: scheme.value)
def test_controls_stand_out(scheme: Scheme) -> None:
    colours = PALETTES[scheme]
    edges = {"border": colours.border, "accent (focus)": colours.accent}
    weak = [
        f"{name} on {ground}"
        for name, edge in edges.items()
        for ground in GROUNDS
        if contrast(edge, getattr(colours, ground)) < 3
    ]
    assert weak == []


@pytest.mark.parametrize("scheme", PALETTES, ids=lambda scheme: scheme.value)
def test_every_tone_has_its_colours_and_they_differ(scheme: Scheme) -> None:
    tones = PALETTES[scheme].tones
    assert set(tones) == set(Tone)
    meaning = [Tone.GOOD, Tone.ATTENTION, Tone.WRONG, Tone.WAITING, Tone.ACCENT]
    assert len({tones[tone].solid for tone in meaning}) == len(meaning)
