"""The map of the staff face: one line per room. Closed unless a view says `login_not_required`."""

from django.urls import path

from fridhem.site.pages import account, start

urlpatterns = [
    path("", start.start, name="start"),
    path("logga-in/", account.sign_in, name="sign-in"),
    path("logga-ut/", account.sign_out, name="sign-out"),
    path("prova/<str:username>/", account.step_in, name="step-in"),
]

handler400 = "fridhem.site.errors.bad_request"
handler403 = "fridhem.site.errors.forbidden"
handler404 = "fridhem.site.errors.not_found"
handler500 = "fridhem.site.errors.server_error"
