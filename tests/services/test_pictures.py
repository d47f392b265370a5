"""What is kept of a photograph: the picture and which side is up, and nothing the camera wrote beside it."""

from __future__ import annotations

from io import BytesIO
from operator import sub

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from desk_app.services.pictures import LARGEST_PREVIEW, prepare

SECRETS = (b"SECRETCAMERA", b"SECRETNOTE", b"SECRETXMP", b"SECRETAFTER", b"SECRETTEXT")


def notes(turned: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "SECRETCAMERA"
    made[0x0112] = turned
    made.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 20.0)})
    return made


def drawn(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """Red on the left, blue on the right, so that it shows which side is up."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture


def jpeg(picture: Image.Image, turned: int = 1, progressive: bool = False) -> bytes:
    out = BytesIO()
    picture.save(
        out,
        "JPEG",
        exif=notes(turned),
        comment=b"SECRETNOTE",
        xmp=b"SECRETXMP",
        progressive=progressive,
        quality=90,
    )
    return out.getvalue() + b"SECRETAFTER"


def colour(picture: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    found = picture.getpixel(place)
    assert isinstance(found, tuple)
    return found


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("turned", range(1, 9))
def test_a_jpeg_keeps_its_pixels_and_loses_its_notes(turned: int, progressive: bool) -> None:
    data = jpeg(Image.effect_noise((400, 200), 90), turned, progressive)
    assert all(secret in data for secret in SECRETS[:4])
    prepared = prepare(data)
    assert prepared
    with opened(prepared.whole) as kept, opened(data) as taken:
        assert kept.tobytes() == taken.tobytes()
        assert dict(kept.getexif()) == ({} if turned == 1 else {0x0112: turned})
        assert not kept.getexif().get_ifd(0x8825)
    for secret in SECRETS:
        assert secret not in prepared.whole and secret not in prepared.preview


def test_the_preview_stands_upright() -> None:
    prepared = prepare(jpeg(drawn(), turned=6))  # the camera was turned: left is up
    assert prepared
    with opened(prepared.preview) as small:
        assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (120, 240), {})
        top, bottom = colour(small, (60, 20)), colour(small, (60, 220))
    assert top[0] > 200 > 60 > top[2] and bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize("turned", range(1, 9))
def test_every_way_to_hold_a_camera_is_known(turned: int) -> None:
    data = jpeg(drawn(), turned)
    prepared = prepare(data)
    assert prepared
    with opened(data) as taken, opened(prepared.preview) as small:
        wanted = ImageOps.exif_transpose(taken).resize(small.size)
        for place in ((10, 10), (small.width - 10, 10), (10, small.height - 10)):
            assert sum(map(abs, map(sub, colour(small, place), colour(wanted, place)))) < 60


@pytest.mark.parametrize(("kind", "kept_as"), [("PNG", "PNG"), ("WEBP", "JPEG")])
def test_other_kinds_are_written_anew_without_notes(kind: str, kept_as: str) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRETTEXT")
    out = BytesIO()
    drawn().save(out, kind, exif=notes(6), **({"pnginfo": text} if kind == "PNG" else {"xmp": b"SECRETXMP"}))
    prepared = prepare(out.getvalue())
    assert prepared
    with opened(prepared.whole) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == (kept_as, (200, 400), {})
    assert not [secret for secret in SECRETS if secret in prepared.whole]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_every_kind_of_colour_has_a_preview(mode: str) -> None:
    picture = Image.new("I;16", (300, 200), 40000) if mode == "I;16" else drawn().convert(mode)
    out = BytesIO()
    picture.save(out, "JPEG" if mode == "CMYK" else "PNG")
    prepared = prepare(out.getvalue())
    assert prepared
    with opened(prepared.preview) as small:
        assert small.mode == "RGB" and max(small.size) == 240


def test_a_preview_is_small_whatever_it_shows() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1600, 1600), 250) for _ in range(3)])
    prepared = prepare(jpeg(noise))
    assert prepared and 1000 < len(prepared.preview) <= LARGEST_PREVIEW


def test_a_tiny_picture_is_not_made_larger() -> None:
    prepared = prepare(jpeg(drawn((10, 5))))
    assert prepared
    with opened(prepared.preview) as small:
        assert small.size == (10, 5)


@pytest.mark.parametrize(
    "data", [b"", b"JPEG", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"]
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    assert prepare(data) is None


@given(cut=st.floats(0.01, 0.97))
def test_half_a_picture_is_none(cut: float) -> None:
    data = jpeg(Image.effect_noise((200, 100), 90)).removesuffix(b"SECRETAFTER")
    assert prepare(data[: int(len(data) * cut)]) is None


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow speaks of damaged notes, and goes on
@given(st.data())
def test_spoiled_bytes_never_crash_it(data: st.DataObject) -> None:
    spoiled = bytearray(jpeg(drawn((64, 64))))
    for place in data.draw(st.lists(st.integers(0, len(spoiled) - 1), max_size=8)):
        spoiled[place] = data.draw(st.integers(0, 255))
    prepared = prepare(bytes(spoiled))
    assert prepared is None or len(prepared.preview) <= LARGEST_PREVIEW
