from fridhem.foundation.accounts.pages import page
from fridhem.rooms.council import views
from fridhem.rooms.council.permissions import may_read, may_take_in

app_name = "council"
urlpatterns = [
    page("", views.matters, name="matters", open_to=may_read),
    page("arende/<uuid:matter_id>/", views.matter, name="matter", open_to=may_read),
    page("handlingar/", views.documents, name="documents", open_to=may_read),
    page("handlingar/<uuid:document_id>/", views.document, name="document", open_to=may_read),
    page("ta-in/", views.take_in, name="take_in", open_to=may_take_in),
    page("ta-in/<uuid:delivery_id>/", views.delivery, name="delivery", open_to=may_take_in),
]
