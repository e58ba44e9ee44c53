from django.urls import path

from fridhem.rooms.council import views

app_name = "council"
urlpatterns = [
    path("", views.matters, name="matters"),
    path("arende/<uuid:matter_id>/", views.matter, name="matter"),
    path("handlingar/", views.documents, name="documents"),
    path("handlingar/<uuid:document_id>/", views.document, name="document"),
    path("ta-in/", views.take_in, name="take_in"),
    path("ta-in/<uuid:delivery_id>/", views.delivery, name="delivery"),
]
