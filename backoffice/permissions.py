"""What the kernel lets people do, and which standard roles may do it."""

from django.utils.translation import gettext_lazy as _

from backoffice.identity.catalogue import Permission

PERMISSIONS = (
    # Everybody, for their own account
    Permission("backoffice.account.edit", _("Edit the own account"), everyone=True, tokens=False),
    Permission(
        "backoffice.account.change_password",
        _("Change the own password"),
        everyone=True,
        tokens=False,
    ),
    Permission(
        "backoffice.api_token.create", _("Create own API tokens"), everyone=True, tokens=False
    ),
    Permission(
        "backoffice.api_token.revoke", _("Revoke own API tokens"), everyone=True, tokens=False
    ),
    # People and their roles
    Permission("backoffice.user.view", _("See users and their roles")),
    Permission("backoffice.user.create", _("Create users"), tokens=False),
    Permission("backoffice.user.edit", _("Edit users"), tokens=False),
    Permission("backoffice.user.deactivate", _("Deactivate users"), tokens=False),
    Permission("backoffice.user.reactivate", _("Reactivate users"), tokens=False),
    Permission("backoffice.role_grant.assign", _("Assign roles"), tokens=False),
    Permission("backoffice.role_grant.end", _("End roles"), tokens=False),
    Permission("backoffice.role.view", _("See what each role may do")),
    Permission(
        "backoffice.api_token.revoke_any", _("Revoke other people's API tokens"), tokens=False
    ),
    # Approvals; voting asks for the permission that the approval itself names
    Permission("backoffice.approval.view", _("See the approvals that concern oneself")),
    Permission("backoffice.approval.view_all", _("See all approvals of the company")),
    # Documents of records; each kind of record asks for its own permission as well
    Permission("backoffice.attachment.view", _("See documents of records")),
    Permission("backoffice.attachment.manage", _("Add, replace and remove documents of records")),
    # Certificates of the company
    Permission("backoffice.certificate.view", _("See certificates of the company")),
    Permission("backoffice.certificate.install", _("Install certificates"), tokens=False),
    Permission("backoffice.certificate.remove", _("Remove certificates"), tokens=False),
    # What one is told, and the mails that carry it
    Permission(
        "backoffice.notification.view", _("Read and choose own notifications"), everyone=True
    ),
    Permission("backoffice.mail.view", _("See the mails of the company")),
    Permission("backoffice.mail.resend", _("Send uncertain mails again"), tokens=False),
    Permission("backoffice.mail.drop", _("Decide that mails are not sent again"), tokens=False),
    # Long work
    Permission("backoffice.job.view", _("See own jobs"), everyone=True),
    Permission("backoffice.job.cancel", _("Cancel own jobs"), everyone=True),
    Permission("backoffice.job.retry", _("Retry what failed in own jobs"), everyone=True),
    Permission("backoffice.job.manage", _("See, cancel and retry all jobs of the company")),
    # The administration pages and the log of events
    Permission("backoffice.admin.use", _("Use the administration pages"), tokens=False),
    Permission("backoffice.reference.edit", _("Edit reference data"), tokens=False),
    Permission("backoffice.event.view", _("See the log of events")),
    Permission("backoffice.reading.view", _("See who read restricted data")),
    Permission("backoffice.local_holiday.view", _("See municipal holidays")),
    Permission("backoffice.local_holiday.create", _("Enter municipal holidays"), tokens=False),
    Permission("backoffice.local_holiday.change", _("Change municipal holidays"), tokens=False),
    # Tables of law: entered by one person, verified by another
    Permission("backoffice.legal_table.view", _("See legal tables and duties")),
    Permission("backoffice.legal_table.enter", _("Enter legal tables"), tokens=False),
    Permission("backoffice.legal_table.verify", _("Verify legal tables"), tokens=False),
    Permission("backoffice.legal_table.confirm", _("Confirm legal tables"), tokens=False),
    # Other systems
    Permission("backoffice.change.view", _("Follow changes of what one may see"), everyone=True),
    Permission("backoffice.webhook.view", _("See webhooks and their deliveries")),
    Permission("backoffice.webhook.create", _("Create webhooks"), tokens=False),
    Permission("backoffice.webhook.change", _("Change webhooks"), tokens=False),
    Permission("backoffice.webhook_delivery.replay", _("Send deliveries to webhooks again")),
    # The organization
    Permission("backoffice.company.view", _("See the company's data")),
    Permission("backoffice.company.create", _("Create companies"), tokens=False),
    Permission("backoffice.company.change", _("Change the company's data"), tokens=False),
    Permission("backoffice.branch.view", _("See branches")),
    Permission("backoffice.branch.create", _("Create branches")),
    Permission("backoffice.branch.change", _("Change branches")),
    Permission("backoffice.department.view", _("See departments")),
    Permission("backoffice.department.create", _("Create departments")),
    Permission("backoffice.department.change", _("Change departments")),
    Permission("backoffice.cost_center.view", _("See cost centres")),
    Permission("backoffice.cost_center.create", _("Create cost centres")),
    Permission("backoffice.cost_center.change", _("Change cost centres")),
    Permission("backoffice.schedule.view", _("See what is done by itself, and when")),
    Permission("backoffice.schedule.create", _("Create schedules")),
    Permission("backoffice.schedule.change", _("Change, pause and run schedules")),
    Permission("backoffice.number_format.view", _("See how numbers are written")),
    Permission("backoffice.number_format.create", _("Choose how numbers are written")),
    Permission("backoffice.number_format.change", _("Change how numbers are written")),
    Permission("backoffice.work_calendar.view", _("See work calendars")),
    Permission("backoffice.work_calendar.create", _("Create work calendars")),
    Permission("backoffice.work_calendar.change", _("Change work calendars")),
    # Parties: suppliers, customers and the rest
    Permission("backoffice.party.view", _("See parties")),
    Permission("backoffice.party.create", _("Register parties")),
    Permission("backoffice.party.change", _("Change parties, their roles, addresses and contacts")),
    Permission("backoffice.party.change_account", _("Ask that a party be paid elsewhere")),
    Permission("backoffice.party.approve_account", _("Agree to a party's account"), tokens=False),
    Permission("backoffice.party.merge", _("Merge parties"), tokens=False),
)

ORGANIZATION_VIEWS = (
    "backoffice.branch.view",
    "backoffice.company.view",
    "backoffice.cost_center.view",
    "backoffice.department.view",
    "backoffice.local_holiday.view",
    "backoffice.work_calendar.view",
)

PARTIES = (
    "backoffice.party.view",
    "backoffice.party.create",
    "backoffice.party.change",
    "backoffice.party.change_account",
)

ROLES = {
    "administrator": (
        *ORGANIZATION_VIEWS,
        "backoffice.certificate.install",
        "backoffice.certificate.remove",
        "backoffice.certificate.view",
        "backoffice.mail.drop",
        "backoffice.mail.resend",
        "backoffice.mail.view",
        "backoffice.branch.change",
        "backoffice.company.change",
        "backoffice.cost_center.change",
        "backoffice.department.change",
        "backoffice.admin.use",
        "backoffice.api_token.revoke_any",
        "backoffice.branch.create",
        "backoffice.company.create",
        "backoffice.cost_center.create",
        "backoffice.department.create",
        "backoffice.job.manage",
        "backoffice.legal_table.confirm",
        "backoffice.legal_table.enter",
        "backoffice.legal_table.verify",
        "backoffice.legal_table.view",
        "backoffice.local_holiday.change",
        "backoffice.local_holiday.create",
        "backoffice.reference.edit",
        "backoffice.role.view",
        "backoffice.role_grant.assign",
        "backoffice.role_grant.end",
        "backoffice.user.create",
        "backoffice.user.deactivate",
        "backoffice.user.edit",
        "backoffice.user.reactivate",
        "backoffice.user.view",
        "backoffice.work_calendar.create",
        "backoffice.work_calendar.change",
        "backoffice.schedule.view",
        "backoffice.schedule.create",
        "backoffice.schedule.change",
        "backoffice.number_format.view",
        "backoffice.number_format.create",
        "backoffice.number_format.change",
        "backoffice.webhook.change",
        "backoffice.webhook.create",
        "backoffice.webhook.view",
        "backoffice.webhook_delivery.replay",
    ),
    "hr_analyst": (
        *ORGANIZATION_VIEWS,
        *PARTIES,
        "backoffice.approval.view",
        "backoffice.attachment.manage",
        "backoffice.attachment.view",
        "backoffice.legal_table.enter",
        "backoffice.legal_table.view",
    ),
    "hr_manager": (
        *ORGANIZATION_VIEWS,
        *PARTIES,
        "backoffice.party.approve_account",
        "backoffice.party.merge",
        "backoffice.approval.view",
        "backoffice.attachment.manage",
        "backoffice.attachment.view",
        "backoffice.legal_table.confirm",
        "backoffice.legal_table.enter",
        "backoffice.legal_table.verify",
        "backoffice.legal_table.view",
        "backoffice.user.view",
        "backoffice.role.view",
    ),
    "finance": (
        *ORGANIZATION_VIEWS,
        *PARTIES,
        "backoffice.party.approve_account",
        "backoffice.party.merge",
        "backoffice.approval.view",
        "backoffice.legal_table.view",
    ),
    "manager": ("backoffice.approval.view",),
    "employee": ("backoffice.approval.view", "backoffice.attachment.view"),
    "it_agent": (
        "backoffice.job.manage",
        "backoffice.schedule.view",
        "backoffice.user.view",
        "backoffice.role.view",
        "backoffice.webhook.view",
        "backoffice.webhook_delivery.replay",
    ),
}
