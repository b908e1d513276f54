"""What the toy brings to the web app."""

from __future__ import annotations

from tests.toy.check_page import CheckPage
from tests.toy.declares import CHECK_TOY, ProcessKind, ToyState
from tests.toy.views import blueprint
from webapp.core.capability import WebCapability

CAPABILITY = WebCapability(
    "toy",
    blueprints=(blueprint,),
    titles={CHECK_TOY: "Say how your toy is"},
    outcomes={ToyState.PASSED: "Fine", ToyState.FAILED: "Broken"},
    processes={ProcessKind.INSPECTION: "Inspection of a toy", ProcessKind.RECALL: "Recall of a toy"},
    task_pages={CHECK_TOY: CheckPage()},
)
