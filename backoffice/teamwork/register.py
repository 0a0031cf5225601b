"""Comments and what goes with them, as the registry knows them."""

from backoffice.collaboration import drafts, notices, services
from backoffice.collaboration.models import Comment, CommentVersion, FormDraft, Mention, Watch
from backoffice.resources import registry

__all__ = ["drafts", "notices", "services"]  # imported for what they register

registry.internal("What is said about a record, in the timeline of its page.", Comment)
registry.internal("Earlier texts of a comment, shown under it.", CommentVersion)
registry.internal("Whom a comment names, marked in its text.", Mention)
registry.internal("Chosen by each person on the page of the record.", Watch)
registry.internal("What a person typed and did not save yet, offered in its form.", FormDraft)
