"""What must hold before a face may open."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from fridhem.foundation.accounts import pages

FACES = ("fridhem.site.urls.public", "fridhem.site.urls.staff")


@register(Tags.urls)
def every_page_says_for_whom(app_configs: Any, faces: tuple[str, ...] = FACES, **_more: Any) -> list[CheckMessage]:
    """No address without a policy, on either face."""
    return [
        Error(
            f"The page {name} doesn't say for whom it is.", hint="Give it `open_to=`, see accounts/pages.py.", id="fridhem.E001"
        )
        for face in faces
        for name in pages.undeclared(face)
    ]
