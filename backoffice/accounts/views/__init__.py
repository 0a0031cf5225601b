"""Pages in front of the login, the step-up, and the security of the own account."""
