"""Where the room answers: one address for everyone, the inbox for the staff."""

from django.urls import path

from fridhem.rooms.intake.views import public as for_all

public = ([path("", for_all.face, name="face")], "intake")
