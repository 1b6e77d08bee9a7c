"""What schemathesis must not do to itself."""

import schemathesis

ADMIN = "1"


@schemathesis.hook.apply_to(method="PATCH")
def before_call(context, case, **kwargs):
    """The admin who asks stays one: with another admin made before, they could switch themselves off."""
    path_parameters = case.path_parameters or {}
    if str(path_parameters.get("id")) == ADMIN:
        case.path_parameters["id"] = 2
