"""Django's administration with our own site: our roles decide, our login page lets in."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """The administration pages, entered through the one login page."""

    default_site = "backoffice.identity.admin.Site"
