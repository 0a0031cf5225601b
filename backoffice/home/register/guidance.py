"""The help of the objects that belong to the product itself."""

from django.utils.translation import gettext_lazy as _

from backoffice.web.guidance import Help

ORGANIZATION = "organization"

HELP = (
    Help(
        of="backoffice.company",
        purpose=_(
            "The legal person whose back office is kept here. Everything else belongs to one."
        ),
        steps=(
            _("Make the company with its CNPJ; who makes it may enter it at once."),
            _("Give it branches, departments and a work calendar."),
            _("Give people their roles in it: roles never reach from one company to another."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.branch",
        purpose=_(
            "An establishment with a CNPJ of its own. Its municipality decides which local holidays count."
        ),
        steps=(
            _("Make the branch with its CNPJ and municipality."),
            _("Give it a work calendar, if it works otherwise than the company."),
            _("Close it after its last day; its history stays."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.department",
        purpose=_("A part of the company in which people work; departments form a tree."),
        steps=(
            _("Make the department under the one above it."),
            _("Place people in it when they are hired or transferred."),
            _("Merge it with another or close it; earlier days keep it."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.cost_center",
        purpose=_("Where salaries and expenses are counted."),
        steps=(
            _("Make the cost centre with its code."),
            _("Choose it in the place of a contract."),
            _("Merge or close it when it is no longer used."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.work_calendar",
        purpose=_(
            "When people work: hours of the week, holidays, half days."
            " Business days and payment days are counted by it."
        ),
        steps=(
            _("Make the calendar and set the hours of the week from a day on."),
            _("Add special days: closed, half days, or open on a Sunday."),
            _("Make it the standard of the company, or give it to a branch."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.local_holiday",
        purpose=_(
            "Holidays of the municipalities of the branches; national and state ones come along."
        ),
        steps=(
            _("Add the holiday with its municipality, or import the list of the year."),
            _("From then on business days, payment days and deadlines count with it."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.number_format",
        purpose=_("How this company writes the numbers of its documents."),
        steps=(
            _("Choose the series and write the pattern."),
            _("Numbers that were given never change."),
        ),
        guide=ORGANIZATION,
    ),
    Help(
        of="backoffice.legal_table",
        purpose=_(
            "The figures of the law by which everything is computed, each with its act and its dates."
        ),
        steps=(
            _("Enter the table from the act, with the days from which it counts."),
            _("Look at the effect on the payrolls that are open."),
            _("Somebody else compares it with the act and verifies it; only then it counts."),
        ),
        guide="legal-tables",
    ),
    Help(
        of="backoffice.user",
        purpose=_("Who may log in. An account does nothing without a role in the company."),
        steps=(
            _(
                "Make the account with its first role; the person gets an invitation or a printed code."
            ),
            _("Give further roles, each for whose records it counts and until when."),
            _("Close the account when the person leaves; what they did stays in the history."),
        ),
    ),
    Help(
        of="backoffice.role_grant",
        purpose=_("Who holds which role, for whose records, from when to when."),
        steps=(
            _("Give a role with its reach: own records, team, branch or the whole company."),
            _("End it; nobody can give themselves more than they have."),
        ),
    ),
    Help(
        of="backoffice.role",
        purpose=_(
            "A role is a set of permissions. The standard ones are ready; a company may make its own."
        ),
        steps=(
            _("Make a role and tick what it allows."),
            _("Give it to people; a change counts for all who hold it."),
            _("Retire it when nobody needs it."),
        ),
    ),
    Help(
        of="backoffice.delegation",
        purpose=_("Somebody stands in for you while you are away, with at most what you may do."),
        steps=(
            _("Choose who stands in, from when to when, and for what."),
            _("What they do is recorded as done by them on your behalf."),
            _("It ends by itself on its last day, or earlier when you end it."),
        ),
    ),
    Help(
        of="backoffice.service_account",
        purpose=_("An account for a program of yours that talks to the API; it cannot log in."),
        steps=(
            _("Make it with somebody who answers for it and a last day."),
            _("Give it a role, then make a token; the token is shown once."),
        ),
    ),
    Help(
        of="backoffice.schedule",
        purpose=_("What the system does by itself, and when."),
        steps=(
            _("Choose the duty and its rhythm: days, business days, hours."),
            _("Each run is a job with its outcome; a run that was missed is caught up once."),
            _("Pause it, resume it, or run it now."),
        ),
        guide="schedules",
    ),
    Help(
        of="backoffice.webhook",
        purpose=_("An address of another system that is told what happens here."),
        steps=(
            _("Enter the address and the events; keep the secret that signs them."),
            _("Try it; every attempt stands in the log of deliveries."),
            _("Replay what failed when the other side is back."),
        ),
        guide="webhooks",
    ),
    Help(
        of="backoffice.webhook_delivery",
        purpose=_("What was told to other systems, how often it was tried and what they answered."),
        steps=(
            _("Failed deliveries are tried again over a day by themselves."),
            _("Replay one by hand; the other side knows it by its id."),
        ),
        guide="webhooks",
    ),
    Help(
        of="backoffice.approval",
        purpose=_("A request that somebody else agrees to exactly what is shown."),
        steps=(
            _("Look at the numbers and open the document when in doubt."),
            _("Approve with “a”, or return with “r” and say what must change."),
            _("When the document changes, the request becomes void and must be made anew."),
        ),
    ),
    Help(
        of="backoffice.party",
        purpose=_(
            "Suppliers, customers, carriers: everybody with whom the company deals, each known once."
        ),
        steps=(
            _("Enter the CPF or CNPJ; who is known already is shown and not made twice."),
            _("Add what they are for you, addresses and contacts."),
            _("A bank account or Pix key counts only after a second person agreed."),
        ),
    ),
    Help(
        of="backoffice.event",
        purpose=_(
            "Everything that was ever done: who, what, when, on which record. Nothing can be removed."
        ),
        steps=(
            _("Search by person, record, kind and time."),
            _("Sealed blocks prove that nobody rewrote it."),
        ),
    ),
    Help(
        of="backoffice.reading",
        purpose=_("Who looked at pay or documents of other people, and when."),
        steps=(_("Everybody finds on their own page who looked at their data."),),
    ),
    Help(
        of="backoffice.attachment",
        purpose=_("Papers on records: contracts, certificates, proofs, each with its versions."),
        steps=(
            _("Add the file on the record it belongs to; whoever sees the record sees it."),
            _("A new version keeps the old one; files are checked by what they contain."),
            _("A document may have a last day; the page shows it."),
        ),
    ),
    Help(
        of="backoffice.certificate",
        purpose=_("A1 certificates with which the company signs and talks to the tax authorities."),
        steps=(
            _("Install the file with its password; both are sealed and never shown again."),
            _("The last day is read from the file; renew before it."),
        ),
    ),
    Help(
        of="backoffice.mail",
        purpose=_("Mails that left, that wait, or of which nobody knows whether they arrived."),
        steps=(
            _("A mail whose sending was interrupted is uncertain: it is never repeated blindly."),
            _("Send it again, or drop it, once you know."),
        ),
    ),
    Help(
        of="backoffice.data_import",
        purpose=_("A file whose rows become records: people, parties, departments."),
        steps=(
            _("Give the file, and look at which column was taken for what."),
            _("See every mistake at once, and mend it in the browser."),
            _("Apply it; the whole import can be undone until something depends on it."),
        ),
    ),
    Help(
        of="backoffice.letter",
        purpose=_("A letter that was issued: numbered, printed, word for word as it left."),
        steps=(
            _("Choose the template and the record; look at the letter before it is issued."),
            _("Issue it: from then on its words never change, and its code can be checked."),
            _("Void it, or issue it anew, with a reason."),
        ),
        guide="letters",
    ),
    Help(
        of="backoffice.letter_template",
        purpose=_("A text with fields, of which letters are made."),
        steps=(
            _("Write the text and put in fields; the page shows how it looks."),
            _("Activate the version; letters that were issued keep theirs."),
        ),
        guide="letters",
    ),
)
