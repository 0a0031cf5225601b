"""What is Brazilian and not law of one area: CPF, CNPJ, PIS, holidays, business days."""
