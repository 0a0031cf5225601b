"""Named reads of parties: who is taken for whom, and which two may be the same."""

from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "root": _("same CNPJ root"),
    "name": _("similar name"),
    "contact": _("same e-mail or phone"),
    "account": _("same account or Pix key"),
}

_IDENTITIES = """
WITH RECURSIVE same(id) AS (
    SELECT %(party)s::bigint
    UNION
    SELECT alias.party_id FROM backoffice_party_alias alias JOIN same ON alias.kept_id = same.id
    WHERE alias.company_id = %(company)s
)
SELECT id FROM same ORDER BY id
"""

_KEPT = """
WITH RECURSIVE chain(id, step) AS (
    SELECT %(party)s::bigint, 0
    UNION
    SELECT alias.kept_id, chain.step + 1
    FROM backoffice_party_alias alias JOIN chain ON alias.party_id = chain.id
    WHERE alias.company_id = %(company)s AND chain.step < 50
)
SELECT id FROM chain ORDER BY step DESC LIMIT 1
"""

# Legal forms and marks say nothing about who somebody is.
_KEY = r"regexp_replace(lower(unaccent(%s)), '\m(ltda|limitada|me|epp|eireli|s\.?[/]?a|mei|cia)\M|[^a-z0-9 ]', '', 'g')"

_DUPLICATES = f"""
WITH known AS (
    SELECT party.id, party.kind, party.tax_id, party.name FROM backoffice_party party
    WHERE party.id <> %(party)s
      AND EXISTS (SELECT FROM backoffice_party_role role
                  WHERE role.company_id = %(company)s AND role.party_id = party.id)
      AND NOT EXISTS (SELECT FROM backoffice_party_alias alias
                      WHERE alias.company_id = %(company)s AND alias.party_id = party.id)
), me AS (SELECT id, kind, tax_id, name FROM backoffice_party WHERE id = %(party)s)
SELECT known.id, known.name, found.reasons FROM known, me, LATERAL (
    SELECT array_remove(ARRAY[
        CASE WHEN known.kind = 'company' AND me.kind = 'company'
              AND left(known.tax_id, 8) = left(me.tax_id, 8) THEN 'root' END,
        CASE WHEN known.kind = me.kind
              AND similarity({_KEY % "known.name"}, {_KEY % "me.name"}) > 0.65 THEN 'name' END,
        CASE WHEN EXISTS (
            SELECT FROM backoffice_party_contact mine JOIN backoffice_party_contact other
                ON other.company_id = mine.company_id AND other.value = mine.value
            WHERE mine.company_id = %(company)s AND mine.valid_to IS NULL AND other.valid_to IS NULL
              AND mine.party_id = me.id AND other.party_id = known.id) THEN 'contact' END,
        CASE WHEN EXISTS (
            SELECT FROM backoffice_payout_account mine JOIN backoffice_payout_account other
                ON other.company_id = mine.company_id AND other.kind = mine.kind
               AND (other.pix_key, other.bank_code, other.agency, other.account)
                 = (mine.pix_key, mine.bank_code, mine.agency, mine.account)
            WHERE mine.company_id = %(company)s AND mine.valid_to IS NULL AND other.valid_to IS NULL
              AND mine.party_id = me.id AND other.party_id = known.id) THEN 'account' END
    ], NULL) AS reasons) found
WHERE cardinality(found.reasons) > 0
ORDER BY cardinality(found.reasons) DESC, known.name, known.id LIMIT 20
"""  # noqa: S608  only the constant above stands in it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that may be the same as another, and why."""

    party_id: int
    name: str
    reasons: tuple[str, ...]

    @property
    def why(self) -> list[Promise]:
        """The reasons in words."""
        return [REASONS[reason] for reason in self.reasons]


def identities(company_id: int, party_id: int) -> list[int]:
    """A party and all that the company takes for it, through all merges."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITIES, {"company": company_id, "party": party_id})
        return [row[0] for row in cursor.fetchall()]


def kept_party(company_id: int, party_id: int) -> int:
    """The party for which a company takes this one; itself when it was never merged."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"company": company_id, "party": party_id})
        found: int = cursor.fetchone()[0]
        return found


def duplicates_of(company_id: int, party_id: int) -> list[Candidate]:
    """Parties of the company that may be the same, the most alike first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUPLICATES, {"company": company_id, "party": party_id})
        return [Candidate(row[0], row[1], tuple(row[2])) for row in cursor.fetchall()]
