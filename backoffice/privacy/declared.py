"""What is said of the fields of the kernel's models; areas say it of theirs."""

from backoffice.privacy import uses
from backoffice.privacy.registry import declare, held, number, record, thing

USER = "backoffice.User"

# --- accounts and what people do ----------------------------------------------------------------
declare(
    "backoffice.User",
    about="person",
    plain="kind expires_on created_at is_active",
    account=(uses.ACCOUNT, "email name language theme lists"),
    sealed="password",
    access=(uses.ACCESS, "password last_login"),
)
declare(
    "backoffice.UserSession",
    about="user",
    plain="session_key",
    access=(uses.ACCESS, "began_at seen_at ip agent ended_at"),
)
declare(
    "backoffice.ApiToken",
    about="user",
    plain="prefix digest scopes created_at expires_at revoked_at proved_until",
    account=(uses.ACCOUNT, "name last_used_at"),
)
declare(
    "backoffice.Invitation",
    about="user",
    by="invited_by",
    plain="kind digest expires_at failures",
    trace=(uses.TRACE, "created_at used_at revoked_at"),
)
declare(
    "backoffice.FactorReset",
    about="user",
    by="asked_by done_by",
    trace=(uses.TRACE, "reason asked_at done_at"),
)
declare(
    "backoffice.Delegation",
    about="giver__person taker__person",
    plain="permissions",
    trace=(uses.TRACE, "valid_from valid_to reason created_at ended_at"),
)
declare(
    "backoffice.Impersonation",
    about="actor__person target__person",
    plain="expires_at",
    trace=(uses.TRACE, "reason began_at ended_at"),
)
declare(
    "backoffice.RoleGrant",
    about="user__person",
    account=(uses.ACCOUNT, "scope valid_from valid_to ended_at"),
)
declare("backoffice.Role", plain="code name description permissions active")
declare(
    "backoffice.Favourite",
    about="user",
    account=(uses.ACCOUNT, "kind record_id position"),
)
declare(
    "backoffice.RecentRecord",
    about="user",
    account=(uses.ACCOUNT, "kind record_id at"),
)
declare(
    "backoffice.Watch", about="user", account=(uses.ACCOUNT, "record_type record_id level since")
)
declare(
    "backoffice.FollowUp",
    about="user",
    account=(uses.ACCOUNT, "record_type record_id due note set_at told_at done_at"),
)
declare(  # what was typed is sealed for its own person alone, and goes after thirty days
    "backoffice.FormDraft",
    about="user",
    plain="form key_id sealed",
    account=(uses.ACCOUNT, "saved_at"),
)
declare(
    "backoffice.NotificationChoice",
    about="user",
    account=(uses.ACCOUNT, "kind delivery"),
)
declare(
    "backoffice.NotificationHours",
    about="user",
    account=(uses.ACCOUNT, "quiet_from quiet_to digest_hour"),
)
declare(
    "backoffice.Notification",
    about="user",
    plain="kind event_id url digest",
    words=(uses.WORDS, "text at read_at"),
)
declare(
    "backoffice.Mail",
    about="notifications__user",
    plain="message_id state attempts due_at sending_since ended_at created_at",
    words=(uses.WORDS, "key recipient subject body error"),
)
declare(
    "backoffice.Comment",
    leads=[thing("record_type", "record_id")],
    about="author",
    plain="record_type record_id",
    words=(uses.WORDS, "text at edited_at deleted_at"),
)
declare(
    "backoffice.CommentVersion",
    leads=[thing("comment__record_type", "comment__record_id")],
    about="comment__author",
    plain="number",
    words=(uses.WORDS, "text until"),
)
declare("backoffice.Mention", about="user", words=(uses.WORDS, "label"))
declare(
    "backoffice.Link",
    by="created_by removed_by",
    leads=[record("source_type", "source_id"), record("target_type", "target_id")],
    plain="kind source_type source_id target_type target_id since",
    words=(uses.WORDS, "note created_at removed_at removed_why"),
)

# --- what happened ------------------------------------------------------------------------------
declare(
    "backoffice.Event",
    by="actor_id:backoffice.User on_behalf_of_id:backoffice.User",
    leads=[record("target_type", "target_id")],
    plain="company_id token_id channel target_type request_id",
    trace=(uses.TRACE, "at recorded_at action actor_id on_behalf_of_id target_id data reason"),
)
declare(
    "backoffice.EventBlock",
    plain="epoch first_xid next_xid count previous_hash hash signature sealed_at",
)
declare("backoffice.EventEpoch", plain="system_identifier began_at")
declare(
    "backoffice.ReadLog",
    by="user_id:backoffice.User",
    leads=[thing("kind", "ids")],
    plain="company_id token_id channel request_id",
    trace=(uses.TRACE, "at user_id kind ids"),
)
declare(
    "backoffice.IdempotencyKey",
    leads=[number("actor_id", USER)],
    plain="company_id key command request_hash created_at",
    trace=(uses.TRACE, "actor_id answer"),
)
declare(
    "backoffice.WorkEvent",
    leads=[number("actor_id", USER), number("on_behalf_of_id", USER)],
    plain="company_id seq process from_state to_state from_phase to_phase backward wall_seconds"
    " business_seconds actor_type event_id recorded_at",
    trace=(uses.TRACE, "action actor_id on_behalf_of_id reason at"),
)
declare(
    "backoffice.WorkItem",
    about="requester assignee",
    plain="process document_id state phase opened_at state_since due_at done_at closed_at"
    " backward_count last_seq",
    words=(uses.WORDS, "title"),
)
declare(
    "backoffice.Approval",
    by="requested_by requested_for approver_ids:backoffice.User",
    leads=[record("document_type", "document_id")],
    plain="permission document_type document_id content_hash mode required requested_at state"
    " decided_at voided_at",
    words=(uses.WORDS, "title content"),
    trace=(uses.TRACE, "approver_ids"),
)
declare(
    "backoffice.ApprovalVote",
    about="voter on_behalf_of",
    plain="content_hash own",
    trace=(uses.TRACE, "decision comment at"),
)
declare(
    "backoffice.Job",
    by="started_by on_behalf_of_id:backoffice.User stop_requested_by_id:backoffice.User",
    leads=[record("target_type", "target_id")],
    plain="kind state total round token_id request_id target_type target_id created_at started_at"
    " finished_at stop_requested_at stop_code",
    trace=(uses.TRACE, "title params on_behalf_of_id reason stop_requested_by_id stop_message"),
)
declare(
    "backoffice.JobAttempt",
    by="chunk__job__started_by",
    leads=[record("chunk__job__target_type", "chunk__job__target_id")],
    plain="round worker outcome started_at ended_at",
    trace=(uses.TRACE, "traceback"),
)
declare(
    "backoffice.JobChunk",
    by="job__started_by",
    leads=[record("job__target_type", "job__target_id")],
    plain="seq state done code waiting_since hinted_at finished_at",
    trace=(uses.TRACE, "payload message"),
)
declare("backoffice.JobHeartbeat", plain="done at")
declare(
    "backoffice.JobItemError",
    by="job__started_by",
    leads=[record("job__target_type", "job__target_id")],
    plain="key code resolved_at",
    words=(uses.WORDS, "label message"),
)
declare("backoffice.JobResult", plain="name expires_at")
declare(
    "backoffice.ExpiryMark",
    about="by",
    plain="kind record_id ends_on snoozed_until",
    trace=(uses.TRACE, "reason acknowledged_at"),
)
declare("backoffice.ExpiryAlarm", plain="kind record_id ends_on occasion at")
declare(
    "backoffice.PeriodLock",
    leads=[number("closed_by_id", USER)],
    plain="company_id domain month closed_at",
    trace=(uses.TRACE, "closed_by_id"),
)
declare(
    "backoffice.IssuedNumber",
    plain="company_id series branch_id year number text target_type target_id at",
)

# --- lists as files, rows from files -------------------------------------------------------------
declare(
    "backoffice.DataImport",
    about="created_by",
    plain="object_name sha256 headings mapping state applied_at undone_at job_id",
    trace=(uses.TRACE, "source created_at"),
)
declare(
    "backoffice.ImportRow",
    by="data_import__created_by",
    leads=[thing("data_import__object_name", "record_id")],
    plain="line verdict record_id last_event_id applied_at undone_at",
    words=(uses.WORDS, "key cells errors before after kept_because"),
)
declare("backoffice.ImportMapping", plain="object_name fields")
declare(
    "backoffice.SavedView",
    about="owner",
    plain="object_name sharing role_ids is_default created_at",
    words=(uses.WORDS, "name query"),
)

# --- parties ------------------------------------------------------------------------------------
declare(
    "backoffice.Party",
    about="pk",
    plain="kind",
    business=(uses.BUSINESS, "tax_id name social_name birth_date email phone"),
)
declare(
    "backoffice.PartyRole",
    about="party",
    business=(uses.BUSINESS, "kind valid_from valid_to"),
)
declare(
    "backoffice.PartyAddress",
    about="party",
    plain="kind valid_from valid_to",
    business=(uses.BUSINESS, "postal_code street street_number address_extra district"),
)
declare(
    "backoffice.PartyContact",
    about="party",
    plain="kind valid_from valid_to",
    business=(uses.BUSINESS, "value person purpose"),
)
declare(
    "backoffice.PartyAlias", about="party kept", plain="merged_on", business=(uses.BUSINESS, "why")
)
declare(
    "backoffice.PayoutAccount",
    about="party",
    plain="kind valid_from valid_to",
    payment=(uses.PAYMENT, "bank_code agency account pix_key"),
)
declare(
    "backoffice.PayoutChange",
    about="party",
    plain="kind valid_from state",
    payment=(uses.PAYMENT, "bank_code agency account pix_key why"),
)
declare(
    "backoffice.Placement",
    by="manager_person_id:backoffice.Party",
    leads=[number("person_id", "backoffice.Party")],
    plain="employment_id",
    register=(uses.REGISTRATION, "person_id manager_person_id valid_from valid_to"),
)

# --- what the LGPD asks of the company --------------------------------------------------------------
declare(
    "backoffice.PersonRequest",
    about="person",
    plain="state",
    trace=(uses.TRACE, "kind said received_on due_on answer answered_on"),
)
declare(
    "backoffice.LegalHold",
    about="person",
    by="placed_by released_by",
    plain="since until placed_at released_at",
    trace=(uses.TRACE, "reason release_reason"),
)

# --- documents, search, other systems -----------------------------------------------------------
declare(
    "backoffice.Attachment",
    by="changed_by",
    leads=[record("owner_type", "owner_id")],
    plain="owner_type owner_id version created_at changed_at removed_at",
    papers=(uses.PAPERS, "title category note valid_until file_name"),
)
declare(
    "backoffice.Letter",
    about="person",
    by="issued_by voided_by",
    plain="number subject_type subject_id permissions issued_on issued_at state voided_at",
    papers=(uses.PAPERS, "subject_name heading text answers void_reason"),
)
declare("backoffice.LetterTemplate", plain="name subject latest active retired_at")
declare(
    "backoffice.LetterTemplateVersion",
    about="by",
    plain="number heading body note restored_from at",
)
declare(
    "backoffice.AttachmentVersion",
    by="by",
    leads=[record("attachment__owner_type", "attachment__owner_id")],
    plain="number at",
    papers=(uses.PAPERS, "file_name note"),
)
declare(
    "backoffice.StoredFile",
    by="created_by",
    leads=[held("file", "backoffice.AttachmentVersion"), held("file", "backoffice.Letter")],
    plain="content_type size pages received_sha256 created_at discard_at removed_at",
    papers=(uses.PAPERS, "key sha256"),
)
declare("backoffice.FileAccount", plain="used_bytes limit_bytes")
declare(
    "backoffice.SearchEntry",
    leads=[number("person_id", "backoffice.Party"), thing("kind", "record_id")],
    plain="kind record_id",
    words=(uses.WORDS, "person_id title hint text vector keys"),
)
declare("backoffice.SearchMark", plain="source row_id at")
declare(
    "backoffice.Webhook",
    about="owner",
    plain="name url objects_told active stopped_because key secret_version created_at",
)
declare(
    "backoffice.WebhookDelivery",
    plain="event_id action target_type target_id event_at state attempts tried due_at status"
    " delivered_at",
)
declare("backoffice.WebhookAttempt", plain="number started_at ended_at status detail")
declare("backoffice.OutboxPosition", plain="epoch xid event_id attempts error moved_at")
declare("backoffice.OutboxSetAside", plain="consumer event_id error at")
declare("backoffice.Secret", plain="name key_id sealed sealed_at")
declare(
    "backoffice.Certificate",
    about="installed_by",
    plain="cnpj issuer serial fingerprint valid_from valid_to installed_at removed_at",
    business=(uses.BUSINESS, "subject"),
)
