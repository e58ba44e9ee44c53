"""Where the room answers: one address for everyone, the inbox for the staff."""

from django.urls import path

from fridhem.rooms.intake.views import public as for_all
from fridhem.rooms.intake.views import staff as for_staff

public = ([path("", for_all.face, name="face")], "intake")
staff = (
    [
        path("", for_staff.inbox, name="inbox"),
        path("<uuid:pk>/", for_staff.concern, name="concern"),
        path("<uuid:pk>/bedom/", for_staff.assess, name="assess"),
        path("<uuid:pk>/svara/", for_staff.answer, name="answer"),
        path("<uuid:pk>/skyddsbedomning/", for_staff.protection, name="protection"),
        path("<uuid:pk>/ta-upp/", for_staff.take_up, name="take-up"),
        path("<uuid:pk>/lamna-over/", for_staff.hand_over, name="hand-over"),
        path("<uuid:pk>/mottagen/", for_staff.received, name="received"),
        path("<uuid:pk>/avsluta/", for_staff.close, name="close"),
    ],
    "intake",
)
