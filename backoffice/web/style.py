"""The living style page: every component in its states, for the eye and for axe (development only)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.web import fields
from backoffice.web.context import Area, CompanyChoice, Shell

AT = dt.datetime(2026, 11, 20, 17, 42, tzinfo=dt.UTC)
PAGES = ("parts", "states", "list", "record", "form", "why", "home")

MENU = (
    (
        "hr",
        "Recursos humanos",
        (
            ("Funcionários", "users"),
            ("Contratos de trabalho", "file-text"),
            ("Folhas de pagamento", "report-money"),
            ("Meus holerites", "receipt"),
            ("Férias e afastamentos", "beach"),
        ),
    ),
    (
        "finance",
        "Financeiro",
        (
            ("Contas a pagar", "file-dollar"),
            ("Conciliação bancária", "building-bank"),
            ("Lançamentos contábeis", "book"),
        ),
    ),
    ("it", "Suporte de TI", (("Chamados", "ticket"), ("Ativos", "device-desktop"))),
)

PEOPLE = (
    ("Ana Clara de Souza Figueiredo", "Analista fiscal", "Matriz São Paulo", "6812.40", "ok"),
    ("Bruno Henrique Carvalho", "Auxiliar de logística", "Filial Campinas", "2148.00", "ok"),
    ("Conceição Aparecida dos Santos", "Coordenadora de RH", "Matriz São Paulo", "9450.75", "wait"),
    ("Diego Nascimento", "Motorista carreteiro", "Filial Ribeirão Preto", "3875.20", "error"),
    ("Érica Yoshida Barbosa", "Assistente financeiro", "Matriz São Paulo", "3120.00", "run"),
    (
        "Fábio Augusto Lacerda de Albuquerque",
        "Gerente comercial",
        "Matriz São Paulo",
        "14980.00",
        "ok",
    ),
)
STATES = {
    "ok": {"label": "Calculado", "tone": "success"},
    "wait": {"label": "Aguarda aprovação", "tone": "warning"},
    "error": {"label": "Com erro", "tone": "danger"},
    "run": {"label": "Calculando", "tone": "progress"},
}
STEPS = (
    {"label": "Recepção", "status": "done", "hint": "01/11"},
    {"label": "Processamento", "status": "done", "hint": "19/11"},
    {"label": "Execução", "status": "current", "hint": "Aguarda aprovação de Conceição"},
    {"label": "Acompanhamento", "status": "todo", "hint": ""},
    {"label": "Prestação de contas", "status": "todo", "hint": ""},
)
EVENTS = (
    {
        "at": AT,
        "actor": "Marina Albuquerque",
        "title": "Enviou para aprovação",
        "icon": "send",
        "tone": "info",
        "text": "Conferi com o contador: o reajuste da convenção já está aplicado.",
    },
    {
        "at": AT - dt.timedelta(hours=3),
        "actor": "Marina Albuquerque",
        "title": "Alterou o salário",
        "icon": "pencil",
        "changes": [
            ("Salário", "R$ 3.640,00", "R$ 3.875,20"),
            ("Motivo", "", "Reajuste da convenção coletiva"),
        ],
    },
    {
        "at": AT - dt.timedelta(days=1),
        "actor": "",
        "title": "Calculada em 1,4 s",
        "icon": "calculator",
        "tone": "success",
        "text": "41 holerites, 1 com erro.",
    },
)


class SampleShell(Shell):
    """A frame with a menu of three areas, so that pages can be judged without data."""

    theme = ""
    user_name = "Marina Albuquerque"
    user_email = "marina@comercialipe.com.br"
    company_name = "Comercial Ipê Ltda"
    has_counters = False

    def __init__(self, request: HttpRequest, theme: str) -> None:
        super().__init__(request)
        self.theme = theme
        self.companies = [
            CompanyChoice(id=1, name="Comercial Ipê Ltda", current=True),
            CompanyChoice(id=2, name="Transportadora Vale do Paraíba", current=False),
        ]
        self.areas = [
            Area(code, label, [_item(*entry) for entry in entries], open=True)
            for code, label, entries in MENU
        ]


def _item(label: str, icon: str) -> dict[str, Any]:
    current = label == "Folhas de pagamento"
    return {
        "label": label,
        "icon": icon,
        "url": "#",
        "key": "",
        "counter_id": f"n-{icon}",
        "current": current,
    }


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nome completo", max_length=150)
    cpf = fields.CpfField(
        label="CPF", help_text="Só os números bastam; pontos e traço são aceitos."
    )
    birth = fields.DateField(label="Data de nascimento")
    phone = fields.PhoneField(label="Telefone", required=False)
    pis = fields.PisField(label="PIS", required=False)
    cep = fields.CepField(label="CEP", required=False)
    cnpj = fields.CnpjField(label="CNPJ do sindicato", required=False)
    branch = forms.ChoiceField(
        label="Filial",
        choices=[
            ("1", "Matriz São Paulo"),
            ("2", "Filial Campinas"),
            ("3", "Filial Ribeirão Preto"),
        ],
        widget=forms.Select(attrs={"data-autocomplete": ""}),
    )
    kind = forms.ChoiceField(
        label="Tipo de salário",
        choices=[("m", "Mensalista"), ("h", "Horista")],
        widget=forms.RadioSelect,
    )
    salary = fields.MoneyField(label="Salário mensal", help_text="Aceita contas: 1200/3+15%.")
    rate = fields.RateField(label="Adicional", required=False)
    price = fields.QuantityField(label="Preço unitário", decimals=10, required=False)
    since = fields.CompetenceField(label="Vale desde a competência")
    pix = fields.PixKeyField(label="Chave Pix", required=False)
    union = forms.BooleanField(
        label="É associado ao sindicato", required=False, help_text="Muda a contribuição mensal."
    )
    notes = forms.CharField(label="Observações", widget=forms.Textarea, required=False)

    groups = (
        ("Pessoa", ("name", "cpf", "birth", "phone", "pis", "cep")),
        ("Contrato", ("branch", "kind", "salary", "rate", "price", "since")),
        ("Pagamento", ("pix", "union", "cnpj", "notes")),
    )


WRONG = {
    "name": "",
    "cpf": "111.222.333-44",
    "birth": "31/02/1990",
    "salary": "12,345",
    "kind": "m",
}


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    """A sample page: ``?page=list&theme=dark``."""
    page = request.GET.get("page", "parts")
    page = page if page in PAGES else "parts"
    wrong = "wrong" in request.GET
    rows = [
        {"name": n, "job": j, "branch": b, "pay": Decimal(p), "state": STATES[s], "at": AT}
        for n, j, b, p, s in PEOPLE
    ]
    context = {
        "shell": SampleShell(request, request.GET.get("theme", "auto")),
        "pages": PAGES,
        "rows": rows,
        "total": sum((Decimal(person[3]) for person in PEOPLE), Decimal(0)),
        "steps": STEPS,
        "events": EVENTS,
        "states": STATES.values(),
        "trend": [Decimal(each) for each in (98, 99, 99, 104, 103, 106, 109)],
        "negative": Decimal("-1250.00"),
        "large": Decimal("1093482.17"),
        "rate": Decimal("0.0750"),
        "today": AT.date(),
        "now": AT,
        "form": SampleForm(WRONG) if wrong else SampleForm(initial={"branch": "1", "kind": "m"}),
        "wrong_form": SampleForm(WRONG),
        "disabled_form": SampleForm(initial={"name": "Ana Clara"}, auto_id="disabled_%s"),
        "chips": [
            {"label": "Filial", "value": "Matriz São Paulo", "remove_url": "?page=list"},
            {"label": "Situação", "value": "Calculado", "remove_url": "?page=list"},
        ],
        "tabs": [
            {"label": "Resumo", "url": "#", "active": True},
            {"label": "Holerites", "url": "#", "active": False, "count": 42},
            {"label": "Histórico", "url": "#", "active": False},
        ],
    }
    return render(request, f"web/style/{page}.html", context)
