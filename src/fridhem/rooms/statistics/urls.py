from django.urls import path

from fridhem.rooms.statistics import views

staff = (
    [
        path("", views.table, name="table"),
        path("bestall/", views.order, name="order"),
        path("uttag/<uuid:release_id>/", views.preview, name="preview"),
        path("uttag/<uuid:release_id>/laget/", views.progress, name="progress"),
        path("uttag/<uuid:release_id>/slapp/", views.sign, name="sign"),
        path("fil/<str:kind>", views.file, name="file"),
    ],
    "statistics",
)
