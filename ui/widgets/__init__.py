"""The components every page is built from; `ui/README.md` shows how."""

from ui.theme import SIZES, Tone
from ui.widgets.answer import Answer, AnswerField
from ui.widgets.base import Icon, Rule, Text, column, row
from ui.widgets.button import Button
from ui.widgets.checklist import Checklist, Point
from ui.widgets.chip import Chip
from ui.widgets.confirm import Confirm, confirm
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.fields import Choice, NumberField, PasswordField, TextArea, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.pad import NumberPad
from ui.widgets.page import Alone, Card, Page, Shell, Tools
from ui.widgets.photo_viewer import PhotoViewer, open_viewer
from ui.widgets.photos import Photo, PhotoStrip, photo_of
from ui.widgets.signature import SignaturePad
from ui.widgets.sla_clock import Deadline, Pace, SlaClock, SmallSlaClock
from ui.widgets.steps import StepBar
from ui.widgets.table import Column, RowModel, TableView, clock_column
from ui.widgets.tiles import ChoiceTiles, Option
from ui.widgets.timeline import Moment, Timeline
from ui.widgets.when import Times, When

__all__ = [
    "SIZES",
    "Alone",
    "Answer",
    "AnswerField",
    "Button",
    "Card",
    "Checklist",
    "Chip",
    "Choice",
    "ChoiceTiles",
    "Column",
    "Confirm",
    "Deadline",
    "EmptyState",
    "Facts",
    "Form",
    "Icon",
    "Moment",
    "NumberField",
    "NumberPad",
    "Option",
    "Pace",
    "Page",
    "PasswordField",
    "Photo",
    "PhotoStrip",
    "PhotoViewer",
    "Point",
    "RowModel",
    "Rule",
    "Shell",
    "SignaturePad",
    "SlaClock",
    "SmallSlaClock",
    "StepBar",
    "TableView",
    "Text",
    "TextArea",
    "TextField",
    "Tick",
    "Timeline",
    "Times",
    "Tone",
    "Tools",
    "When",
    "clock_column",
    "column",
    "confirm",
    "open_viewer",
    "photo_of",
    "row",
]
