"""Documents of some people and the certificate of the example company, all made on the spot."""

import datetime as dt
import io
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from backoffice import pdf
from backoffice.commands import Context
from backoffice.files.inspection import inspect
from backoffice.files.services import add_attachment, replace_attachment
from backoffice.jobs.models import JobChunk
from backoffice.jobs.services import run_chunk
from backoffice.letters.catalogue import SUBJECTS
from backoffice.letters.services import (
    activate_template,
    change_template,
    create_template,
    issue_letter,
    reissue_letter,
)
from backoffice.letters.services.letters import PRINT as PRINT_LETTER
from backoffice.notifications.collecting import CONSUMER
from backoffice.organization.models import Company
from backoffice.outbox.services.consuming import consume
from backoffice.secrets.services import install_certificate
from hr.people.models import Employee

SIZE = (620, 877)
FONT = str(Path(pdf.__file__).parent / "fonts" / "InterTabular-Regular.ttf")
PASSWORD = "exemplo"  # noqa: S105  opens nothing but the example


def sheet(title: str, lines: tuple[str, ...]) -> bytes:
    """A page with a heading and some lines, as a scanner gives it."""
    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((30, 30, SIZE[0] - 30, SIZE[1] - 30), outline="#999999", width=2)
    pen.text((60, 60), title, fill="black", font=ImageFont.truetype(FONT, 26))
    for number, line in enumerate(lines):
        place = (60, 130 + 34 * number)
        pen.text(place, line, fill="#333333", font=ImageFont.truetype(FONT, 18))
    out = io.BytesIO()
    page.save(out, format="PDF")
    return out.getvalue()


def begin_notices(at: dt.datetime) -> None:
    """People are told of what happens from here on; of the years before nobody was."""
    consume(CONSUMER.name, at=at)


def keep_documents(ctx: Context, employees: list[Employee]) -> None:
    """Identity, proof of address and health certificates of a few people; one has expired."""
    for number, employee in enumerate(employees):
        name = employee.party.name
        identity = inspect("RG.pdf", sheet("Carteira de Identidade", (name, "Cópia de exemplo")))
        made = add_attachment(
            ctx, owner="hr.employee", owner_id=employee.pk, file=identity, category="identity"
        )
        if number == 0:
            better = sheet("Carteira de Identidade", (name, "Cópia de exemplo, frente e verso"))
            replace_attachment(
                ctx, attachment_id=made.pk, file=inspect("RG.pdf", better), note="Mais legível"
            )
        health = sheet("Atestado de Saúde Ocupacional", (name, "Apto para a função"))
        add_attachment(
            ctx,
            owner="hr.employee",
            owner_id=employee.pk,
            file=inspect("ASO periódico.pdf", health),
            category="health",
            valid_until=ctx.at.date() + dt.timedelta(days=300 if number % 2 else -20),
        )


def install_example_certificate(ctx: Context) -> None:
    """An A1 certificate that nobody but this company's example trusts; it ends in three weeks."""
    company = Company.objects.get(pk=ctx.company)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = f"{company.legal_name.upper()}:{company.cnpj}"
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "AC Exemplo, sem valor")])
    begin = ctx.at - dt.timedelta(days=344)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(PASSWORD.encode())
    content = pkcs12.serialize_key_and_certificates(b"exemplo", key, made, None, lock)
    install_certificate(ctx, content=content, password=PASSWORD)


LETTERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("employment", {}),
    ("salary", {}),
    ("raise", {}),
    (
        "warning",
        {
            "O que aconteceu": "Ausência ao trabalho sem justificativa nem aviso.",
            "Norma ou dever descumprido": "o regulamento interno da empresa, item 4.2",
        },
    ),
    (
        "recommendation",
        {
            "Qualidades e resultados": "Distingue-se pela pontualidade e pelo cuidado com os clientes."
        },
    ),
)


class Cast(Protocol):
    """Who can act in the company while it is being made."""

    def acting(self, role: str, day: dt.date, hour: int) -> Context:
        """The person with a role at an hour of a day."""
        ...


def write_letters(cast: Cast, today: dt.date, employees: list[Employee]) -> None:
    """The five templates, put into use by the manager, and a letter from each; one becomes void."""
    writer, manager = cast.acting("hr_analyst", today, 9), cast.acting("hr_manager", today, 10)
    made = []
    starters = {each.code: each for each in SUBJECTS["hr.employee"].starters}
    for number, (code, answers) in enumerate(LETTERS):
        starter = starters[code]
        with override("pt-br"):
            template = create_template(
                writer,
                name=str(starter.name),
                subject="hr.employee",
                heading=starter.heading,
                body=starter.body,
            )
        activate_template(manager, letter_template_id=template.pk)
        day = (writer.at - dt.timedelta(days=9)).date().isoformat()
        given = {**answers, "Data do fato": day} if code == "warning" else dict(answers)
        employee = employees[number % len(employees)]
        made.append(
            issue_letter(writer, template_id=template.pk, subject_id=employee.pk, answers=given)
        )
    reissue_letter(manager, letter_id=made[0].pk, why="A pessoa pediu a data de hoje")
    edited = made[-1].version
    change_template(
        writer,
        letter_template_id=edited.template_id,
        name=edited.template.name,
        heading=edited.heading,
        body=edited.body.replace("A quem possa interessar,", "A quem interessar possa,"),
        note="Saudação usual",
    )
    for chunk in JobChunk.objects.filter(job__kind=PRINT_LETTER, job__company_id=writer.company):
        run_chunk(chunk.pk, worker="demonstração", at=writer.at)
