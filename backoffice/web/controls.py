"""How a form field becomes a control: classes, masks and keyboards by the kind of widget."""

from django.forms import BoundField, widgets

# mask: (keyboard of a phone, class that gives the control its width)
MASKS: dict[str, tuple[str, str]] = {
    "cpf": ("numeric", "control-code"),
    "cnpj": ("text", "control-code"),
    "tax-id": ("text", "control-code"),
    "pis": ("numeric", "control-code"),
    "money": ("decimal", "control-amount"),
    "quantity": ("decimal", "control-amount"),
    "rate": ("decimal", "control-amount"),
    "date": ("numeric", "control-date"),
    "competence": ("numeric", "control-date"),
    "phone": ("tel", "control-code"),
    "cep": ("numeric", "control-date"),
    "pix": ("text", ""),
}


def mask_of(bound: BoundField) -> str:
    """The mask that a field asks for, by its widget (``data-mask``, ``data-money``) or itself."""
    attrs = bound.field.widget.attrs
    if "data-money" in attrs:
        return "money"
    if type(bound.field.widget) is widgets.DateInput:
        return "date"
    return str(attrs.get("data-mask") or getattr(bound.field, "mask", ""))


def css_class(widget: widgets.Widget) -> str:
    """The class that gives a control its look."""
    if isinstance(
        widget, widgets.CheckboxInput | widgets.RadioSelect | widgets.CheckboxSelectMultiple
    ):
        return "form-check-input"
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


def widget_attributes(bound: BoundField) -> dict[str, str | bool]:
    """What the product adds to the attributes that the form's author gave a widget."""
    widget = bound.field.widget
    given = widget.attrs
    classes = [str(given["class"])] if "class" in given else []
    classes.append(css_class(widget))
    attributes: dict[str, str | bool] = {}
    mask = mask_of(bound)
    if mask in MASKS:
        keyboard, width = MASKS[mask]
        attributes["data-mask"] = mask
        attributes["inputmode"] = str(given.get("inputmode", keyboard))
        attributes["autocomplete"] = str(given.get("autocomplete", "off"))
        classes.append(width)
    if bound.errors:
        classes.append("has-error")
    attributes["class"] = " ".join(filter(None, classes))
    return attributes
