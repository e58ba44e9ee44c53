from fridhem.foundation.accounts.pages import page
from fridhem.rooms.reviews import views
from fridhem.rooms.reviews.permissions import reads_reports, reviews_cases

staff = (
    [
        page("", views.reviews, name="reviews", open_to=reads_reports),
        page("ny/", views.draw, name="draw", open_to=reviews_cases),
        page("<uuid:id>/", views.review, name="review", open_to=reviews_cases),
        page("<uuid:id>/arende/<int:place>/", views.case, name="case", open_to=reviews_cases),
        page("<uuid:id>/arende/<int:place>/utelamna/", views.leave_out, name="leave-out", open_to=reviews_cases),
        page("<uuid:id>/atgard/", views.measure, name="measure", open_to=reviews_cases),
        page("<uuid:id>/atgard/<uuid:measure>/klar/", views.finish_measure, name="finish-measure", open_to=reviews_cases),
        page("<uuid:id>/faststall/", views.sign_off, name="sign-off", open_to=reviews_cases),
        page("<uuid:id>/rapport/", views.report, name="report", open_to=reads_reports),
        page("<uuid:id>/rapport.<str:kind>", views.file, name="file", open_to=reads_reports),
    ],
    "reviews",
)
