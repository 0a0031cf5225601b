"""Law and arithmetic of the monthly payroll: pure functions of dates and Decimals."""
