"""Words for roles and kinds of case."""

from __future__ import annotations

from desk_app.texts import N_

ROLES = {
    "clerk": N_("Window clerk"),
    "warehouse": N_("Warehouse"),
    "technician": N_("Technician"),
    "checker": N_("Second checker"),
    "agent": N_("Service agent"),
    "manager": N_("Manager"),
    "admin": N_("Administrator"),
}
CASE_KINDS = {"return": N_("Return"), "exchange": N_("Exchange"), "repair": N_("Repair")}
