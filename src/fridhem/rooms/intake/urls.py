"""Where the room answers: one address for everyone, the inbox for the staff."""

from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import anyone
from fridhem.rooms.intake.permissions import assesses
from fridhem.rooms.intake.views import public as for_all
from fridhem.rooms.intake.views import staff as for_staff

public = ([page("", for_all.face, name="face", open_to=anyone)], "intake")
staff = (
    [
        page("", for_staff.inbox, name="inbox", open_to=assesses),
        page("<uuid:pk>/", for_staff.concern, name="concern", open_to=assesses),
        page("<uuid:pk>/bedom/", for_staff.assess, name="assess", open_to=assesses),
        page("<uuid:pk>/svara/", for_staff.answer, name="answer", open_to=assesses),
        page("<uuid:pk>/skyddsbedomning/", for_staff.protection, name="protection", open_to=assesses),
        page("<uuid:pk>/ta-upp/", for_staff.take_up, name="take-up", open_to=assesses),
        page("<uuid:pk>/lamna-over/", for_staff.hand_over, name="hand-over", open_to=assesses),
        page("<uuid:pk>/mottagen/", for_staff.received, name="received", open_to=assesses),
        page("<uuid:pk>/jav/", for_staff.wall, name="wall", open_to=assesses),
        page("<uuid:pk>/avsluta-lika/", for_staff.close_alike, name="close-alike", open_to=assesses),
        page("<uuid:pk>/avsluta/", for_staff.close, name="close", open_to=assesses),
    ],
    "intake",
)
