"""The parts that pages are built of: ``{% load components %}``.

Values (money, dates, identifiers) are filters, see ``backoffice.web.values``. Everything else is a
tag; tags with content end with ``{% end<name> %}``. Tones: neutral, info, success, warning, danger,
progress; the usual colour names work too.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template.exceptions import TemplateDoesNotExist
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.web import parts, values
from backoffice.web.controls import widget_attributes
from backoffice.web.home import Section
from backoffice.web.parts import read, tone_of

register = template.Library()

for _filter in values.FILTERS:
    register.filter(_filter.__name__, _filter)

for _part in parts.TAGS:
    register.simple_tag(_part)


def _render(context: template.Context, name: str, /, **given: object) -> SafeString:
    """Render a component's own template with only what it was given."""
    engine = context.template.engine  # type: ignore[union-attr]
    part = context.new(given)
    if "csrf_token" in context:
        part["csrf_token"] = context["csrf_token"]
    return engine.get_template(f"components/{name}.html").render(part)


@register.simple_tag(takes_context=True)
def demo_bar(context: template.Context) -> SafeString:
    """The bar of a demonstration, when this is one and its module offers it."""
    if not settings.DEMO_MODE:
        return SafeString("")
    engine = context.template.engine  # type: ignore[union-attr]
    try:
        return engine.get_template("demo/bar.html").render(context)
    except TemplateDoesNotExist:
        return SafeString("")


@register.simple_tag(takes_context=True)
def home_section(
    context: template.Context, section: Section, given: Mapping[str, object]
) -> SafeString:
    """A section of the home page: its own template with its own context, inside a panel."""
    engine = context.template.engine  # type: ignore[union-attr]
    with context.push(**given):
        content = engine.get_template(section.template).render(context)
    head = {name: given.get(name) for name in ("count", "link_url", "link_label")}
    look = {"title": section.title, "icon": section.icon, "id": f"home-{slugify(section.name)}"}
    return _render(context, "panel", content=content, flush=section.flush, **look, **head)


# --- buttons ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def action(context: template.Context, label: str, url: str = "", **options: str) -> SafeString:
    """A button for one thing to do.

    Options: icon, tone (danger), primary (true), disabled_reason, method ("get" or "post"),
    confirm (a sentence to confirm before a post), name (hidden field ``action``), key (shortcut).
    """
    unknown = options.keys() - _ACTION_OPTIONS
    if unknown:
        msg = f"action takes no {', '.join(sorted(unknown))}"
        raise template.TemplateSyntaxError(msg)
    look = "btn-primary" if options.get("primary") else ""
    if options.get("tone") and tone_of(options["tone"]) == "danger":
        look = "btn-danger" if options.get("primary") else "btn-quiet-danger"
    reason_id = f"reason-{slugify(label)}" if options.get("disabled_reason") else ""
    given = {**options, "label": label, "url": url, "look": look, "reason_id": reason_id}
    return _render(context, "action", **given)


_ACTION_OPTIONS = frozenset(
    {"icon", "tone", "primary", "disabled_reason", "method", "confirm", "name", "key"}
)


@register.simple_block_tag(takes_context=True)
def dropdown(
    context: template.Context, content: str, label: str = "", icon: str = "", title: str = ""
) -> SafeString:
    """A button that opens a short menu of ``<a class="dropdown-item">``; works without JS."""
    given = {"label": label, "icon": icon, "title": title, "content": content}
    return _render(context, "dropdown", **given)


@register.simple_tag(takes_context=True)
def save_bar(
    context: template.Context, label: str = "", cancel_url: str = "", *, again: bool = False
) -> SafeString:
    """The last row of a form: save, cancel, and the shortcut; ``again`` offers to make one more."""
    return _render(
        context, "save_bar", label=label or _("Save"), cancel_url=cancel_url, again=again
    )


# --- blocks -----------------------------------------------------------------------------------


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """Content into a variable: ``{% capture as name %}...{% endcapture %}``."""
    return SafeString(content.strip())


@register.simple_block_tag(takes_context=True)
def panel(
    context: template.Context, content: str, title: str = "", **options: object
) -> SafeString:
    """A card. Options: icon, count, link_url, link_label, flush (content to the edges), id."""
    return _render(context, "panel", title=title, content=content, **options)


@register.simple_block_tag
def facts(content: str, columns: int = 2) -> SafeString:
    """A list of facts, in one to four columns where there is room."""
    return format_html('<dl class="facts facts-{}">{}</dl>', columns, content)


@register.simple_tag
def fact(label: str, value: object, why: str = "", *, wide: bool = False) -> SafeString:
    """One fact inside facts; ``why`` is the address of its explanation."""
    shown = values.or_dash(value)
    link = parts.why(why, compact=True) if why else ""
    return _fact(label, format_html("{} {}", shown, link) if link else shown, wide=wide)


@register.simple_block_tag
def factblock(content: str, label: str, *, wide: bool = False) -> SafeString:
    """One fact whose value is longer than a value."""
    return _fact(label, content, wide=wide)


def _fact(label: str, shown: object, *, wide: bool) -> SafeString:
    css = "fact fact-wide" if wide else "fact"
    return format_html('<div class="{}"><dt>{}</dt><dd>{}</dd></div>', css, label, shown)


@register.simple_block_tag(takes_context=True)
def notice(
    context: template.Context, content: str, tone: str = "info", title: str = ""
) -> SafeString:
    """A message inside the page."""
    icons = {"success": "circle-check", "warning": "alert-triangle", "danger": "alert-circle"}
    found = tone_of(tone)
    symbol = icons.get(found, "info-circle")
    return _render(context, "notice", content=content, tone=found, title=title, symbol=symbol)


@register.simple_block_tag(takes_context=True)
def dialog(
    context: template.Context,
    content: str,
    id: str,  # noqa: A002
    title: str,
    tone: str = "",
) -> SafeString:
    """A native dialog, opened by ``<button data-open="id">``; holds a form or a text."""
    return _render(context, "dialog", content=content, id=id, title=title, tone=tone)


@register.simple_block_tag(takes_context=True)
def table_frame(
    context: template.Context, content: str, label: str, *, cards: bool = False
) -> SafeString:
    """The room of a table: scrolls inside itself on small screens, or turns rows into cards."""
    return _render(context, "table_frame", content=content, label=label, cards=cards)


@register.simple_block_tag(takes_context=True)
def emptyblock(
    context: template.Context, content: str, title: str, text: str = "", icon: str = "inbox"
) -> SafeString:
    """What to show when there is nothing, with buttons of your own."""
    return _render(context, "empty_state", content=content, title=title, text=text, icon=icon)


@register.simple_block_tag
def fieldset(content: str, legend: str, help: str = "") -> SafeString:  # noqa: A002
    """A group of fields with a heading."""
    hint = format_html('<p class="form-section-help">{}</p>', help) if help else ""
    return format_html(
        '<fieldset class="form-section"><legend>{}</legend>{}{}</fieldset>', legend, hint, content
    )


# --- composed parts ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def empty_state(
    context: template.Context, title: str, text: str = "", **options: str
) -> SafeString:
    """What to show when there is nothing. Options: icon, action_label, action_url."""
    options.setdefault("icon", "inbox")
    return _render(context, "empty_state", title=title, text=text, **options)


@register.simple_tag(takes_context=True)
def step_bar(context: template.Context, steps: Iterable[object], label: str = "") -> SafeString:
    """Where a document stands: steps with label, status (done, current, todo, error), hint."""
    return _render(context, "step_bar", steps=list(steps), label=label or _("Progress"))


@register.simple_tag(takes_context=True)
def progress(
    context: template.Context, done: int, total: int, failed: int = 0, label: str = ""
) -> SafeString:
    """A progress bar in whole per cent, never 100 before everything is done."""
    finished = done + failed
    percent = min(finished * 100 // total, 100) if total else 0
    return _render(
        context,
        "progress",
        percent=percent,
        done_percent=format(done * 100 / total, ".2f") if total else "0",
        failed_percent=format(failed * 100 / total, ".2f") if total else "0",
        label=label or _("Progress"),
    )


@register.simple_tag(takes_context=True)
def timeline(context: template.Context, entries: Iterable[object]) -> SafeString:
    """What happened, newest first: at, actor, title, text, html, icon, tone, changes."""
    rows = [
        {
            **{
                name: read(entry, name)
                for name in ("at", "actor", "title", "text", "changes", "html")
            },
            "icon": read(entry, "icon") or "point",
            "tone": tone_of(read(entry, "tone")),
        }
        for entry in entries
    ]
    return _render(context, "timeline", entries=rows)


@register.simple_tag(takes_context=True)
def changes(context: template.Context, rows: Iterable[object]) -> SafeString:
    """Field by field before and after: rows of (label, before, after)."""
    return _render(context, "changes", rows=rows)


@register.simple_tag(takes_context=True)
def error_summary(context: template.Context, form: BaseForm) -> SafeString:
    """All errors of a form at once, each a link to its field; nothing when there are none."""
    if not form.errors:
        return SafeString("")
    fields = [(form[name], form.errors[name]) for name in form.fields if name in form.errors]
    return _render(context, "error_summary", fields=fields, general=form.non_field_errors())


@register.simple_tag(takes_context=True)
def tabs(context: template.Context, items: Iterable[object], label: str = "") -> SafeString:
    """Links between views of one thing: label, url, active, count."""
    return _render(context, "tabs", items=list(items), label=label or _("Views"))


@register.simple_tag(takes_context=True)
def pager(
    context: template.Context, previous_url: str = "", next_url: str = "", **options: str
) -> SafeString:
    """Previous and next page by key. Options: text, target (selector that htmx replaces)."""
    return _render(context, "pager", previous_url=previous_url, next_url=next_url, **options)


@register.simple_tag(takes_context=True)
def filter_chips(
    context: template.Context, chips: Iterable[object], clear_url: str = "", target: str = ""
) -> SafeString:
    """The filters in force: label, value, remove_url."""
    return _render(context, "filter_chips", chips=list(chips), clear_url=clear_url, target=target)


@register.simple_tag(takes_context=True)
def kpi(
    context: template.Context,
    label: str,
    value: object,
    trend: Iterable[Decimal] = (),
    **options: object,
) -> SafeString:
    """A key figure. Options: url, delta, tone (of the delta), hint, target, trend (values so far)."""
    options["tone"] = tone_of(options.get("tone"))
    options["points"] = parts.trend_points(trend)
    return _render(context, "kpi", label=label, value=value, **options)


# --- forms ------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form field with label, help and errors."""
    return bound.as_field_group()


@register.simple_tag
def form_groups(form: BaseForm) -> SafeString:
    """The fields of a form under the headings of ``form.groups``: (legend, names) in order."""
    grouped = [
        (str(legend), SafeString("".join(form[name].as_field_group() for name in names)))
        for legend, names in form.groups  # type: ignore[attr-defined]
    ]
    return SafeString("".join(fieldset(content, legend) for legend, content in grouped))


@register.filter
def control(bound: BoundField) -> SafeString:
    """The widget of a field with the classes and descriptions of this product."""
    return bound.as_widget(attrs=widget_attributes(bound))
