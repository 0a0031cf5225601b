"""How people prove who they are: second factors, sessions, invitations, the company's own login."""
