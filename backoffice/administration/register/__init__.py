"""People, programs, roles and delegations as registered objects, and the pages beside them."""

from backoffice.administration.register import delegations, pages, people, programs, roles

__all__ = ["delegations", "pages", "people", "programs", "roles"]
