from fridhem.foundation.accounts.pages import page
from fridhem.rooms.support import views
from fridhem.rooms.support.permissions import counts, edits, reads

staff = (
    [
        page("", views.offers, name="offers", open_to=reads),
        page("utskrift/", views.leaflet, name="leaflet", open_to=reads),
        page("insats/ny/", views.add_offer, name="add-offer", open_to=edits),
        page("insats/<uuid:id>/", views.offer, name="offer", open_to=reads),
        page("insats/<uuid:id>/andra/", views.change_offer, name="change-offer", open_to=edits),
        page("insats/<uuid:id>/arende/", views.begin, name="begin", open_to=counts),
        page("kontakter/", views.contacts, name="contacts", open_to=counts),
        page("kontakter/ny/", views.count, name="count", open_to=counts),
        page("kontakter/<uuid:id>/ta-bort/", views.undo, name="undo", open_to=counts),
        page("vem-ringer-jag/", views.calls, name="calls", open_to=reads),
        page("vem-ringer-jag/affisch/", views.poster, name="poster", open_to=reads),
        page("vem-ringer-jag/nummer/", views.numbers, name="numbers", open_to=edits),
        page("vem-ringer-jag/nummer/nytt/", views.add_number, name="add-number", open_to=edits),
        page("vem-ringer-jag/nummer/<uuid:id>/", views.change_number, name="change-number", open_to=edits),
    ],
    "support",
)
