"""Pages of the administration that are no objects."""

from django.urls import path

from backoffice.administration import views
from backoffice.identity.views import roles

urlpatterns = [
    path("role-matrix/", roles, name="backoffice.roles"),
    path("users/<int:pk>/rights/", views.rights, name="backoffice.user.rights"),
    path("users/<int:pk>/invite/", views.invite_by_mail, name="backoffice.user.invite"),
    path("users/<int:pk>/paper/", views.invite_on_paper, name="backoffice.user.paper"),
    path("users/<int:pk>/look/", views.look, name="backoffice.user.look"),
    path(
        "programs/<int:pk>/tokens/new/",
        views.new_program_token,
        name="backoffice.service_account.new_token",
    ),
]
