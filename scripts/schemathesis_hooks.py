"""What schemathesis must not do to itself."""

import schemathesis

ADMIN = "1"


@schemathesis.hook.apply_to(method="PATCH")
def before_call(context, case, **kwargs):
    """The admin who asks stays one: with another admin made before, they could switch themselves off."""
    path_parameters = case.path_parameters or {}
    if str(path_parameters.get("id")) == ADMIN:
        case.path_parameters["id"] = 2


@schemathesis.hook("before_call").apply_to(method="DELETE", path_regex="/me/sessions/")
def keep_session(context, case, **kwargs):
    """The session that asks goes on: among those that are listed, it could end itself."""
    case.path_parameters["id"] = "0" * 32
