
from ui.theme import Scheme
from PySide6.QtWidgets import QScrollArea
import pytest
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("state", ["line", "line-full", "case"])
def test_draw(stand, theme, language, state):
    shown = stand(language, 1.0, state)
    if state == "case":
        shown.services.line.now = type(shown.services.line.now)("offline", 3, 0, "line.cut")
        shown.act(lambda act: __import__("sys").modules[type(shown).__module__].contest(act, shown.filled.cases["diagnose"].stream))
        shown.window.open("case", stream=shown.filled.cases["diagnose"].stream)
    from PySide6.QtCore import QSize
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.apply(scheme)
        shown.window.resize(QSize(1366, 768 if state != "line-full" else 1900))
        shown.settle()
        shown.window.grab().save(f"/tmp/w/line-{state}-{language}-{scheme.value}.png")
    if state == "line-full":
        shown.window.resize(QSize(1000, 1900)); shown.settle(); shown.window.grab().save(f"/tmp/w/line-{state}-{language}-narrow.png")
