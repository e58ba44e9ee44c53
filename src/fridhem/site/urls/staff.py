"""The map of the staff face: one line per room. Each page says for whom it is."""

from django.urls import include, path

from fridhem.design.styleguide import styleguide
from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import anyone, signed_in
from fridhem.rooms.casework import urls as casework
from fridhem.rooms.council import urls as council
from fridhem.rooms.intake import urls as intake
from fridhem.rooms.statistics import urls as statistics
from fridhem.site.pages import account, start

urlpatterns = [
    page("", start.start, name="start", open_to=anyone),
    page("logga-in/", account.sign_in, name="sign-in", open_to=anyone),
    page("sprak/", account.choose_language, name="language", open_to=anyone),
    page("intern/design/", styleguide, name="styleguide", open_to=signed_in),
    page("logga-ut/", account.sign_out, name="sign-out", open_to=signed_in),
    page("prova/<str:username>/", account.step_in, name="step-in", open_to=anyone),
    path("intern/inkorg/", include(intake.staff)),
    path("intern/arenden/", include(casework.staff)),
    path("intern/namnd/", include(council)),
    path("intern/statistik/", include(statistics.staff)),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
