"""The map of the staff face: one line per room. Closed unless a view says `login_not_required`."""

from django.urls import include, path

from fridhem.design.styleguide import styleguide
from fridhem.rooms.casework import urls as casework
from fridhem.rooms.council import urls as council
from fridhem.rooms.intake import urls as intake
from fridhem.rooms.statistics import urls as statistics
from fridhem.site.pages import account, start

urlpatterns = [
    path("", start.start, name="start"),
    path("logga-in/", account.sign_in, name="sign-in"),
    path("sprak/", account.choose_language, name="language"),
    path("intern/design/", styleguide, name="styleguide"),
    path("logga-ut/", account.sign_out, name="sign-out"),
    path("prova/<str:username>/", account.step_in, name="step-in"),
    path("intern/inkorg/", include(intake.staff)),
    path("intern/arenden/", include(casework.staff)),
    path("intern/namnd/", include(council)),
    path("intern/statistik/", include(statistics.staff)),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
