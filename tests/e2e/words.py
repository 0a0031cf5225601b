"""Words that must not stand on a page of the other language, and those by which journeys find buttons."""

from dataclasses import dataclass

_ENGLISH = (
    "saved?|cancel|payrolls?|payslips?|employees?|search|closed?|open|opened|history|approved?|approvals?"
    "|submit|computed?|computing|done|failed|loading|settings|contracts?|branch|department|filters|sums"
    "|earnings|deductions|net pay|why|law|rule|state|language|appearance|back|next|previous|readiness|fix"
    "|jobs?|started|ended"
)
_PORTUGUESE = (
    "salvar|salvo|cancelar|folhas?|holerites?|colaborador|colaboradores|pesquisar|fechar|fechada|abert[ao]"
    "|histórico|aprovar|aprovada|aprovação|aprovações|enviar|calcular|calculada|pronto|falhou|contratos?"
    "|filtros|totais|proventos|descontos|líquido|estado|idioma|voltar|próxima|anterior|prontidão|resolver"
    "|tarefas?|começou|terminou"
)

FOREIGN = {
    "pt-br": rf"(?<!\w)({_ENGLISH})(?!\w)",
    "en": rf"(?<!\w)({_PORTUGUESE})(?!\w)",
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands on the buttons and links of the main journey."""

    language: str
    problems: str
    fix: str
    compute: str
    done: str
    record: str
    why: str
    send: str
    approve: str
    close: str
    closed: str
    payslips: str
    all_in_one: str


PORTUGUESE = Words(
    language="pt-br",
    problems="pendências a resolver",
    fix="Resolver",
    compute="Calcular",
    done="Pronto",
    record="Abrir o registro",
    why="Por quê?",
    send="Enviar para aprovação",
    approve="Aprovar",
    close="Fechar",
    closed="Fechada",
    payslips="Holerites",
    all_in_one="Todos os holerites em um PDF",
)
ENGLISH = Words(
    language="en",
    problems="problems to mend",
    fix="Fix",
    compute="Compute",
    done="Done",
    record="Open the record",
    why="Why?",
    send="Send for approval",
    approve="Approve",
    close="Close",
    closed="Closed",
    payslips="Payslips",
    all_in_one="All payslips in one PDF",
)
