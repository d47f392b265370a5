"""The one style sheet of the application, made from the tokens.

Widgets are met by their class name and by the properties `role`, `tone`, `state`, `kind`; nobody else writes
style sheets. A class that is styled at all loses Fusion's own arrows and ticks, hence the images.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.theme.tokens import FAMILY, SIZES, Look, Scheme, Tone


@dataclass(frozen=True, slots=True)
class Images:
    """Files of the drawings a style sheet needs; "" where there is none."""

    down: str
    up: str
    check: str
    right: str


def style_sheet(now: Look, images: Images) -> str:
    """The whole sheet for a look."""
    parts = (_ground, _letters, _surfaces, _fields, _ticks, _buttons, _lists, _bars)
    return "\n".join(part(now, images) for part in parts)


def _url(path: str) -> str:
    return f'url("{path}")' if path else "none"


def _ground(now: Look, _: Images) -> str:
    c = now.colours
    return f"""
    QWidget {{ font-family: "{FAMILY}"; font-size: {now.px(SIZES.body)}px; }}
    QWidget {{ color: {c.text}; selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QMainWindow, QDialog, Page, QScrollArea, #pageBody, #alone {{ background: {c.ground}; border: none; }}
    QScrollArea#onCard {{ background: {c.surface}; }}
    QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.border};
        padding: {SIZES.s}px; }}
    QMenu {{ background: {c.surface}; border: 1px solid {c.line}; padding: {SIZES.xs}px; }}
    QMenu::item {{ padding: {SIZES.m}px {SIZES.xl}px; border-radius: {SIZES.radius}px; }}
    QMenu::item:selected {{ background: {c.accent_soft}; color: {c.accent_ink}; }}
    """


def _letters(now: Look, _: Images) -> str:
    c = now.colours
    rows = [
        ("caption", SIZES.caption, 400, c.muted),
        ("muted", SIZES.body, 400, c.muted),
        ("strong", SIZES.body, 700, c.text),
        ("section", SIZES.section, 700, c.text),
        ("title", SIZES.title, 700, c.text),
        ("big", SIZES.big, 700, c.text),
    ]
    plain = [
        f'QLabel[role="{role}"] {{ font-size: {now.px(size)}px; font-weight: {weight}; color: {colour}; }}'
        for role, size, weight, colour in rows
    ]
    toned = [f'QLabel[tone="{tone.value}"] {{ color: {now.tone(tone).ink}; }}' for tone in Tone]
    return "\n".join(["QLabel { background: transparent; }", *plain, *toned])


def _surfaces(now: Look, _: Images) -> str:
    c = now.colours
    edge = 2 if now.scheme is Scheme.CONTRAST else 1
    return f"""
    Card, ScanBar, Confirm {{ background: {c.surface}; border: {edge}px solid {c.line};
        border-radius: {SIZES.radius_large}px; }}
    ChecklistRow {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: {SIZES.radius}px; }}
    ChecklistRow[state="current"] {{ border: 2px solid {c.accent}; background: {c.accent_soft}; }}
    NavRail {{ background: {c.surface}; border: none; border-right: {edge}px solid {c.line}; }}
    StatusLine {{ background: {c.surface}; border: none; border-top: {edge}px solid {c.line}; }}
    #rule {{ background: {c.line}; border: none; }}
    Confirm {{ border: 2px solid {now.tone(Tone.WRONG).solid}; }}
    PhotoViewer {{ background: {c.sunken}; }}
    #toast {{ background: {c.text}; border-radius: {SIZES.radius}px; }}
    #toast QLabel {{ color: {c.surface}; }}
    """


def _fields(now: Look, images: Images) -> str:
    c, wrong = now.colours, now.tone(Tone.WRONG)
    fields = ("QLineEdit", "QPlainTextEdit", "QComboBox", "QAbstractSpinBox")

    def each(state: str) -> str:
        return ", ".join(field + state for field in fields)

    return f"""
    {each("")} {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.border};
        border-radius: {SIZES.radius}px; padding: 1px {SIZES.m}px; min-height: {SIZES.control - 4}px; }}
    QLineEdit, QPlainTextEdit {{ placeholder-text-color: {c.muted}; }}
    QPlainTextEdit {{ padding: {SIZES.s}px; }}
    {each(":hover")} {{ border-color: {c.muted}; }}
    {each(":focus")} {{ border: 2px solid {c.accent}; padding: 0px {SIZES.m - 1}px; }}
    QPlainTextEdit:focus {{ padding: {SIZES.s - 1}px; }}
    {each('[state="wrong"]')} {{ border-color: {wrong.solid}; background: {wrong.soft}; }}
    {each(":disabled")} {{ background: {c.sunken}; color: {c.disabled}; border-color: {c.line}; }}
    QLineEdit[role="plain"], QLineEdit[role="plain"]:focus {{ border: none; background: transparent;
        padding: 0; }}
    QComboBox::drop-down {{ border: none; width: 36px; }}
    QComboBox::down-arrow {{ image: {_url(images.down)}; width: 20px; height: 20px; }}
    QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.border}; outline: none;
        padding: {SIZES.xs}px; }}
    QComboBox QAbstractItemView::item {{ min-height: {SIZES.control}px; padding: 0 {SIZES.s}px;
        color: {c.text}; border-radius: {SIZES.radius}px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {c.accent_soft}; color: {c.accent_ink}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 32px; }}
    QAbstractSpinBox::up-arrow {{ image: {_url(images.up)}; width: 16px; height: 16px; }}
    QAbstractSpinBox::down-arrow {{ image: {_url(images.down)}; width: 16px; height: 16px; }}
    """


def _ticks(now: Look, images: Images) -> str:
    c = now.colours
    return f"""
    QCheckBox, QRadioButton {{ spacing: {SIZES.m}px; min-height: {SIZES.control}px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: 20px; height: 20px; background: {c.surface};
        border: 2px solid {c.border}; }}
    QCheckBox::indicator {{ border-radius: 6px; }}
    QRadioButton::indicator {{ border-radius: 12px; }}
    QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
        image: {_url(images.check)}; }}
    QRadioButton::indicator:checked {{ border: 7px solid {c.accent}; width: 10px; height: 10px; }}
    QCheckBox:focus, QRadioButton:focus {{ color: {c.accent_ink}; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {c.accent}; }}
    QCheckBox:disabled, QRadioButton:disabled {{ color: {c.disabled}; }}
    """


def _buttons(now: Look, _: Images) -> str:
    c, wrong = now.colours, now.tone(Tone.WRONG)
    return f"""
    Button {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {SIZES.radius}px; }}
    Button:hover {{ background: {c.hover}; }}
    Button:pressed {{ background: {c.sunken}; }}
    Button:focus {{ border: 2px solid {c.accent}; }}
    Button:disabled {{ background: {c.ground}; border-color: {c.line}; }}
    Button[kind="primary"] {{ background: {c.accent}; border-color: {c.accent}; }}
    Button[kind="primary"]:hover, Button[kind="primary"]:pressed {{ background: {c.accent_hover}; }}
    Button[kind="primary"]:focus {{ border: 2px solid {c.text}; }}
    Button[kind="primary"]:disabled {{ background: {c.sunken}; border-color: {c.line}; }}
    Button[kind="danger"] {{ border-color: {wrong.solid}; }}
    Button[kind="danger"]:hover {{ background: {wrong.soft}; }}
    Button[kind="quiet"] {{ background: transparent; border-color: transparent; }}
    Button[kind="quiet"]:hover {{ background: {c.hover}; }}
    Button[kind="quiet"]:focus {{ border: 2px solid {c.accent}; }}
    """


def _lists(now: Look, _: Images) -> str:
    c = now.colours
    return f"""
    QTableView {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: {SIZES.radius_large}px;
        padding: {SIZES.xs}px; gridline-color: transparent; outline: none; }}
    QTableView:focus {{ border-color: {c.accent}; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none;
        border-bottom: 1px solid {c.line}; padding: 0 {SIZES.m}px; min-height: 40px;
        font-size: {now.px(SIZES.caption)}px; }}
    QTableCornerButton::section {{ background: {c.surface}; border: none; }}
    """


def _bars(now: Look, _: Images) -> str:
    c = now.colours
    return f"""
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 14px; }}
    QScrollBar:horizontal {{ height: 14px; }}
    QScrollBar::handle {{ background: {c.border}; border-radius: 3px; margin: 4px; min-height: 48px;
        min-width: 48px; }}
    QScrollBar::handle:hover {{ background: {c.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {c.sunken}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
    """
