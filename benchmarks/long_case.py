"""The longest case a desk is likely to open: five items, sixty moments, four photographs; one real act."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from desk_app.domain import facts
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.reception import Reception
from desk_app.services.views import CaseRequest, ItemRequest
from desk_app.storage.act import Act

ITEMS = 5
MOMENTS = 60
PHOTOS = 4
PRODUCT = "轻语 A3 Pro 真无线主动降噪蓝牙耳机 2026 春季限量款 曜石黑"


def open_long_case(desk: Desk, by: Actor, folder: Path) -> str:
    """Open the case and let it grow; its stream. `folder` is a place for the photographs' files."""
    item = ItemRequest(PRODUCT, "headphones", serial="QYA3P0000001", accessories="充电盒、数据线、说明书")
    reason = "左耳没有声音。" * 20
    asked = CaseRequest("repair", "欧阳文静", "13800138000", "TB202611230001", reason, "", item)
    stream = Reception(desk).open_case(asked, by).result().stream
    Inspection(desk).photograph(stream, 1, list(_pictures(folder)), "before", by).result()

    def grow(act: Act) -> None:
        told = list(_work())
        missing = MOMENTS - PHOTOS - len(told) - 4  # opened, added, received, requested
        for fact in told:
            act.add(stream, fact)
        for number in range(missing):
            note = act.seal(f"{number + 1}. 客户来电询问进度，已答复维修完成后短信通知。")
            act.add(stream, facts.CaseNoted(note.id), note)

    desk.act(by, "case.open", grow).result()
    return stream


def _work() -> Iterator[facts.Fact]:
    for item in range(2, ITEMS + 1):
        yield facts.ItemAdded(item, PRODUCT, "headphones", serial=f"QYA3P000000{item}")
        yield facts.ItemReceived(item)
    for item in range(1, ITEMS + 1):
        yield facts.ItemInspected(item, "headphones", {"sound": "fail"}, {}, "C", "C")
        yield facts.RepairRequested(item)
        yield facts.RepairWorked(item, 20)
        yield facts.RepairTested(item, "sound", passed=True)


def _pictures(folder: Path) -> Iterator[Path]:
    for number in range(PHOTOS):
        picture = io.BytesIO()
        Image.effect_noise((1600, 1200), 40 + number).convert("RGB").save(picture, "JPEG", quality=85)
        path = folder / f"photo-{number + 1}.jpg"
        path.write_bytes(picture.getvalue())
        yield path
