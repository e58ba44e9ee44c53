"""The map of the public face: what anyone may open, without a trace."""

from django.urls import include, path

from fridhem.rooms.intake import urls as intake

urlpatterns = [
    path("", include(intake.public)),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
