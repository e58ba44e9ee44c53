from fridhem.foundation.accounts.pages import page
from fridhem.rooms.oversight import views
from fridhem.rooms.oversight.permissions import answers, guards_the_record, hears_alerts, reviews

app_name = "oversight"
urlpatterns = [
    page("", views.reviews, name="reviews", open_to=reviews),
    page("vecka/<uuid:id>/", views.review, name="review", open_to=reviews),
    page("vecka/<uuid:id>/fil/", views.export, name="export", open_to=reviews),
    page("fraga/<uuid:id>/", views.question, name="question", open_to=reviews),
    page("att-besvara/", views.asked, name="asked", open_to=answers),
    page("att-besvara/<uuid:id>/", views.answer, name="answer", open_to=answers),
    page("larm/", views.alerts, name="alerts", open_to=hears_alerts),
    page("larm/<uuid:id>/", views.acknowledge, name="acknowledge", open_to=hears_alerts),
    page("loggen/", views.browse, name="browse", open_to=guards_the_record),
    page("utdrag/", views.extract, name="extract", open_to=guards_the_record),
]
