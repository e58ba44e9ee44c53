"""The map of the public face: what anyone may open, without a trace."""

from django.urls import include, path

from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import anyone
from fridhem.rooms.intake import urls as intake
from fridhem.site.pages import health

urlpatterns = [
    path("", include(intake.public)),
    page("halsa", health.alive, name="alive", open_to=anyone),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
