"""Who works at Comercial Ipê: invented people with believable jobs, pay and families."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Job:
    """A job title with its CBO code."""

    name: str
    cbo: str


JOBS = {
    "director": Job("Diretora geral", "121010"),
    "admin_manager": Job("Gerente administrativo", "142105"),
    "finance_manager": Job("Gerente financeiro", "142115"),
    "hr_manager": Job("Gerente de recursos humanos", "142205"),
    "sales_manager": Job("Gerente de vendas", "142320"),
    "store_manager": Job("Gerente de loja", "141415"),
    "hr_analyst": Job("Analista de recursos humanos", "252405"),
    "accountant": Job("Contadora", "252210"),
    "finance_analyst": Job("Analista financeiro", "252545"),
    "it_analyst": Job("Analista de suporte", "212420"),
    "helpdesk": Job("Técnico de suporte", "317210"),
    "buyer": Job("Compradora", "354205"),
    "assistant": Job("Assistente administrativo", "411010"),
    "clerk": Job("Auxiliar de escritório", "411005"),
    "receptionist": Job("Recepcionista", "422105"),
    "cashier": Job("Operador de caixa", "421125"),
    "seller": Job("Vendedor", "521110"),
    "stocker": Job("Repositor", "521125"),
    "storekeeper": Job("Almoxarife", "414105"),
    "driver": Job("Motorista", "782310"),
    "cleaner": Job("Auxiliar de limpeza", "514320"),
}

BRANCHES = (
    # code, name, order number of the CNPJ, address, municipality, state
    ("01", "Matriz", 1, "Rua das Paineiras, 480, Vila Mariana", "São Paulo", "SP"),
    ("02", "Filial Campinas", 2, "Avenida Francisco Glicério, 1120, Centro", "Campinas", "SP"),
    ("03", "Filial Curitiba", 3, "Rua XV de Novembro, 965, Centro", "Curitiba", "PR"),
)

DEPARTMENTS = (
    # code, name, cost centre
    ("DIR", "Diretoria", "100"),
    ("ADM", "Administrativo", "110"),
    ("RH", "Recursos Humanos", "120"),
    ("FIN", "Financeiro", "130"),
    ("TI", "Tecnologia da Informação", "140"),
    ("COM", "Compras", "150"),
    ("LOG", "Logística", "200"),
    ("LJ1", "Loja São Paulo", "310"),
    ("LJ2", "Loja Campinas", "320"),
    ("LJ3", "Loja Curitiba", "330"),
    ("ALM", "Almoxarifado", "210"),
)
PARENTS = {
    "ADM": "DIR",
    "RH": "ADM",
    "FIN": "ADM",
    "TI": "ADM",
    "COM": "DIR",
    "LOG": "COM",
    "LJ1": "DIR",
    "LJ2": "DIR",
    "LJ3": "DIR",
    "ALM": "COM",
}
"""Department to the one above it; the first of each stands before it in the list."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child of an employee; also counts for IRRF."""

    name: str
    born: dt.date


@dataclass(frozen=True, slots=True)
class Person:
    """One employee. ``joined`` is a date, or a number: months after the first closed one."""

    name: str
    sex: str
    born: dt.date
    job: str
    department: str
    branch: str
    salary: Decimal
    joined: dt.date | int
    boss: str = ""
    weekly_hours: Decimal = Decimal(44)
    children: tuple[Child, ...] = ()
    social_name: str = ""


def _d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _p(line: str, *children: Child, boss: str = "", hours: str = "44", social: str = "") -> Person:
    name, sex, born, job, department, branch, salary, joined = line.split("|")
    return Person(
        name=name,
        sex=sex,
        born=_d(born),
        job=job,
        department=department,
        branch=branch,
        salary=Decimal(salary),
        joined=int(joined) if len(joined) < 3 else _d(joined),
        boss=boss,
        weekly_hours=Decimal(hours),
        children=children,
        social_name=social,
    )


DIRECTOR = "Helena Moreira Prado"
HR_MANAGER = "Renato Farias Gonçalves"
HR_ANALYST = "Camila Duarte Siqueira"
FINANCE = "Patrícia Nogueira Brandão"
IT_AGENT = "Diego Sampaio Reis"
STORE_MANAGER = "Sérgio Antunes Peçanha"
EMPLOYEE = "Ana Beatriz Lopes da Conceição"
LEAVER = "Otávio Brito Figueira"
PROMOTED = "João Pedro Alencar"
TRANSFERRED = "Larissa Queiroz Pimentel"
SHOWN = (EMPLOYEE, HR_ANALYST, STORE_MANAGER)
"""Of whom the demonstration keeps documents."""
LOW_PAID = "Wesley Gonçalo Batista"
WITHOUT_ACCOUNT = "Thiago Esteves Araújo"
CAMPINAS = "Mônica Valadares Assis"
CURITIBA = "Cláudio Hoffmann Ribas"
TWO_COMPANIES = "Cícera Bezerra Leite"
LOGISTICS = "Ivone Sant'Anna Barbosa"

STAFF = (
    _p(f"{DIRECTOR}|F|1971-04-12|director|DIR|01|18500.00|2009-03-02"),
    _p(f"{HR_MANAGER}|M|1979-09-30|hr_manager|RH|01|9800.00|2013-06-03", boss=DIRECTOR),
    _p(
        f"{HR_ANALYST}|F|1990-01-25|hr_analyst|RH|01|5200.00|2019-02-04",
        Child("Davi Duarte Siqueira", _d("2021-07-19")),
        boss=HR_MANAGER,
    ),
    _p(
        "Gilberto Assunção Melo|M|1976-11-02|admin_manager|ADM|01|8700.00|2011-08-15", boss=DIRECTOR
    ),
    _p(
        f"{FINANCE}|F|1982-06-14|finance_manager|FIN|01|9400.00|2015-01-12",
        Child("Clara Nogueira Brandão", _d("2013-03-08")),
        Child("Inácio Nogueira Brandão", _d("2016-10-21")),
        boss=DIRECTOR,
    ),
    _p("Rosângela Freire Bastos|F|1974-02-27|accountant|FIN|01|7350.01|2012-04-02", boss=FINANCE),
    _p(
        "Leandro Quintão Serra|M|1988-12-05|finance_analyst|FIN|01|4750.00|2020-09-14", boss=FINANCE
    ),
    _p("Júlia Cabral Fontes|F|1999-08-17|assistant|FIN|01|2650.00|2022-03-07", boss=FINANCE),
    _p(
        f"{IT_AGENT}|M|1992-05-03|it_analyst|TI|01|6100.00|2018-10-01",
        boss="Gilberto Assunção Melo",
    ),
    _p("Natália Ferraz Couto|F|2001-03-29|helpdesk|TI|01|3100.00|2023-05-08", boss=IT_AGENT),
    _p("Eduarda Pires Camargo|F|1986-07-11|buyer|COM|01|4300.00|2017-07-17", boss=DIRECTOR),
    _p(
        "Vinícius Teles Rangel|M|1997-10-08|assistant|COM|01|2580.00|2024-01-15",
        boss="Eduarda Pires Camargo",
    ),
    _p(
        "Mateus Lacerda Pinho|M|2000-12-19|clerk|ADM|01|2050.00|2023-11-06",
        boss="Gilberto Assunção Melo",
    ),
    _p(
        "Rafaela Tavares Moura|F|1994-04-22|receptionist|ADM|01|1980.38|2021-06-01",
        Child("Miguel Tavares Moura", _d("2019-11-30")),
        boss="Gilberto Assunção Melo",
    ),
    _p(
        "Antônia Ramalho Dias|F|1968-01-09|cleaner|ADM|01|1690.00|2010-02-01",
        boss="Gilberto Assunção Melo",
    ),
    _p(
        f"{TWO_COMPANIES}|F|1985-09-13|cleaner|ADM|01|845.00|2022-08-01",
        Child("Yasmin Bezerra Leite", _d("2015-06-02")),
        Child("Kauã Bezerra Leite", _d("2018-02-11")),
        boss="Gilberto Assunção Melo",
        hours="22",
    ),
    _p(f"{LOGISTICS}|F|1980-03-18|storekeeper|LOG|01|3900.00|2014-05-05", boss=DIRECTOR),
    _p("Edson Carvalhal Rocha|M|1983-08-26|driver|LOG|01|2950.00|2016-09-12", boss=LOGISTICS),
    _p(
        "Josué Marinho Paiva|M|1991-02-15|driver|LOG|01|2780.00|2021-01-18",
        Child("Esther Marinho Paiva", _d("2022-12-05")),
        boss=LOGISTICS,
    ),
    _p("Fabrício Nunes Caldas|M|1996-06-07|storekeeper|ALM|01|2300.00|2023-03-13", boss=LOGISTICS),
    _p(f"{LEAVER}|M|1993-05-20|storekeeper|LOG|01|2250.00|2022-10-10", boss=LOGISTICS),
    _p(f"{STORE_MANAGER}|M|1978-12-01|store_manager|LJ1|01|7100.00|2012-11-05", boss=DIRECTOR),
    _p(
        f"{EMPLOYEE}|F|1998-02-06|seller|LJ1|01|2400.00|2021-09-01",
        Child("Heitor Lopes Maciel", _d("2023-04-14")),
        boss=STORE_MANAGER,
    ),
    _p(f"{PROMOTED}|M|1995-01-31|seller|LJ1|01|2450.00|2020-02-10", boss=STORE_MANAGER),
    _p("Bianca Rezende Portela|F|2002-09-09|seller|LJ1|01|2150.00|2024-04-01", boss=STORE_MANAGER),
    _p("Kelly Cristina Aguiar|F|1989-11-23|cashier|LJ1|01|2010.00|2019-07-22", boss=STORE_MANAGER),
    _p(f"{LOW_PAID}|M|2003-04-04|cashier|LJ1|01|1795.00|2024-06-17", boss=STORE_MANAGER),
    _p("Robson Cardoso Telles|M|1987-07-28|stocker|LJ1|01|1820.00|2018-03-05", boss=STORE_MANAGER),
    _p(
        "Luana Vasques Torres|F|2004-01-16|stocker|LJ1|01|1760.00|2",
        boss=STORE_MANAGER,
        social="Luan Vasques",
    ),
    _p(f"{CAMPINAS}|F|1981-10-10|store_manager|LJ2|02|6800.00|2014-08-04", boss=DIRECTOR),
    _p(f"{TRANSFERRED}|F|1993-03-03|seller|LJ1|01|2380.00|2019-05-13", boss=STORE_MANAGER),
    _p(
        "Paulo Henrique Zanetti|M|1990-06-25|seller|LJ2|02|2420.00|2018-01-08",
        Child("Alice Zanetti", _d("2012-11-02")),
        boss=CAMPINAS,
    ),
    _p("Débora Rosa Miranda|F|1997-12-12|seller|LJ2|02|2200.00|2022-05-02", boss=CAMPINAS),
    _p("Geraldo Venâncio Cruz|M|1975-05-08|stocker|LJ2|02|1900.00|2015-04-13", boss=CAMPINAS),
    _p("Tatiane Morais Belém|F|1994-08-20|cashier|LJ2|02|2030.00|2020-11-16", boss=CAMPINAS),
    _p("Ícaro Salgado Neves|M|2001-07-07|clerk|LJ2|02|1990.00|7", boss=CAMPINAS),
    _p(f"{CURITIBA}|M|1977-01-19|store_manager|LJ3|03|6950.00|2016-02-01", boss=DIRECTOR),
    _p("Simone Kowalski Bueno|F|1984-04-30|seller|LJ3|03|2550.00|2016-03-14", boss=CURITIBA),
    _p(
        "Anderson Liptak Moro|M|1992-10-02|seller|LJ3|03|2350.00|2020-06-08",
        Child("Sofia Liptak Moro", _d("2020-01-27")),
        boss=CURITIBA,
    ),
    _p("Jéssica Padilha Wolff|F|1999-05-15|cashier|LJ3|03|2040.00|2022-02-21", boss=CURITIBA),
    _p("Mauro Scherer Lima|M|1986-02-02|stocker|LJ3|03|1930.00|2017-10-09", boss=CURITIBA),
    _p("Letícia Camboim Prates|F|2000-11-11|receptionist|LJ3|03|1950.00|11", boss=CURITIBA),
    _p(f"{WITHOUT_ACCOUNT}|M|1996-09-24|seller|LJ1|01|2250.00|14", boss=STORE_MANAGER),
)
