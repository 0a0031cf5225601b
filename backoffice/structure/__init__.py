"""Pages and API of the organization: the company, its branches, departments and cost centres."""
