"""All models of the kernel, for Django; code imports them from their own folders."""

from backoffice.accounts.models import FactorReset, Invitation, UserSession
from backoffice.audit.models import Event, EventBlock, EventEpoch, ReadLog
from backoffice.collaboration.models import (
    Comment,
    CommentVersion,
    FollowUp,
    FormDraft,
    Mention,
    Watch,
)
from backoffice.commands.models import IdempotencyKey
from backoffice.exchange.models import DataImport, ImportMapping, ImportRow, SavedView
from backoffice.expiry.models import ExpiryAlarm, ExpiryMark
from backoffice.files.models import Attachment, AttachmentVersion, FileAccount, StoredFile
from backoffice.home.models import GuidedProgress
from backoffice.identity.models import (
    ApiToken,
    Delegation,
    Impersonation,
    Role,
    RoleGrant,
    User,
)
from backoffice.jobs.models import (
    Job,
    JobAttempt,
    JobChunk,
    JobHeartbeat,
    JobItemError,
    JobResult,
    Schedule,
    ScheduleRun,
    WorkerBeat,
)
from backoffice.law.models import LegalTable, LegalTableConfirmation
from backoffice.letters.models import Letter, LetterTemplate, LetterTemplateVersion
from backoffice.links.models import Link
from backoffice.notifications.models import (
    Mail,
    Notification,
    NotificationChoice,
    NotificationHours,
)
from backoffice.numbering.models import IssuedNumber, NumberCounter, NumberFormat
from backoffice.official.models import Bank, LocalHoliday, Municipality
from backoffice.organization.models import (
    Branch,
    CalendarDay,
    Company,
    CostCenter,
    Department,
    Placement,
    WorkCalendar,
    WorkWindow,
)
from backoffice.outbox.models import (
    OutboxPosition,
    OutboxSetAside,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from backoffice.parties.models import (
    Party,
    PartyAddress,
    PartyAlias,
    PartyContact,
    PartyRole,
    PayoutAccount,
    PayoutChange,
)
from backoffice.periods.models import PeriodLock
from backoffice.privacy.models import LegalHold, PersonRequest
from backoffice.search.models import Favourite, RecentRecord, SearchEntry, SearchMark
from backoffice.secrets.models import Certificate, Secret
from backoffice.work.models import Approval, ApprovalVote, WorkEvent, WorkItem

__all__ = [
    "ApiToken",
    "Approval",
    "ApprovalVote",
    "Attachment",
    "AttachmentVersion",
    "Bank",
    "Branch",
    "CalendarDay",
    "Certificate",
    "Comment",
    "CommentVersion",
    "Company",
    "CostCenter",
    "DataImport",
    "Delegation",
    "Department",
    "Event",
    "EventBlock",
    "EventEpoch",
    "ExpiryAlarm",
    "ExpiryMark",
    "FactorReset",
    "Favourite",
    "FileAccount",
    "FollowUp",
    "FormDraft",
    "GuidedProgress",
    "IdempotencyKey",
    "Impersonation",
    "ImportMapping",
    "ImportRow",
    "Invitation",
    "IssuedNumber",
    "Job",
    "JobAttempt",
    "JobChunk",
    "JobHeartbeat",
    "JobItemError",
    "JobResult",
    "LegalHold",
    "LegalTable",
    "LegalTableConfirmation",
    "Letter",
    "LetterTemplate",
    "LetterTemplateVersion",
    "Link",
    "LocalHoliday",
    "Mail",
    "Mention",
    "Municipality",
    "Notification",
    "NotificationChoice",
    "NotificationHours",
    "NumberCounter",
    "NumberFormat",
    "OutboxPosition",
    "OutboxSetAside",
    "Party",
    "PartyAddress",
    "PartyAlias",
    "PartyContact",
    "PartyRole",
    "PayoutAccount",
    "PayoutChange",
    "PeriodLock",
    "PersonRequest",
    "Placement",
    "ReadLog",
    "RecentRecord",
    "Role",
    "RoleGrant",
    "SavedView",
    "Schedule",
    "ScheduleRun",
    "SearchEntry",
    "SearchMark",
    "Secret",
    "StoredFile",
    "User",
    "UserSession",
    "Watch",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WorkCalendar",
    "WorkEvent",
    "WorkItem",
    "WorkWindow",
    "WorkerBeat",
]
