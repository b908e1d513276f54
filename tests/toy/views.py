"""The page of one toy, for its owner."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template

from tests.toy.declares import PERMISSION
from tests.toy.tables import Toy
from webapp.core.permissions import current_reach, requires
from webapp.extensions import db

blueprint = Blueprint("toy", __name__, template_folder="templates")


@blueprint.get("/toys/<uuid:toy_id>")
@requires(PERMISSION)
def toy(toy_id: UUID) -> str:
    found = db.session().get(Toy, toy_id)
    if found is None or found.owner_id != current_reach(PERMISSION).own:
        abort(404)
    return render_template("toy/toy.html", toy=found)
