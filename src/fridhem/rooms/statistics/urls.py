from fridhem.foundation.accounts.pages import page
from fridhem.rooms.statistics import views
from fridhem.rooms.statistics.permissions import may_read, may_release

staff = (
    [
        page("", views.table, name="table", open_to=may_read),
        page("bestall/", views.order, name="order", open_to=may_release),
        page("uttag/<uuid:release_id>/", views.preview, name="preview", open_to=may_release),
        page("uttag/<uuid:release_id>/laget/", views.progress, name="progress", open_to=may_release),
        page("uttag/<uuid:release_id>/slapp/", views.sign, name="sign", open_to=may_release),
        page("fil/<str:kind>", views.file, name="file", open_to=may_read),
    ],
    "statistics",
)
