"""Calls to addresses outside: webhooks, and the gateway through which everything goes."""

from environs import Env

env = Env()

# From this key the secrets of webhooks are derived; without it from SECRET_KEY. Another key changes
# every secret at once.
WEBHOOK_KEY = env.str("WEBHOOK_KEY", "")
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", 10.0)

# Hosts that may be called although they are not public: demonstrations and tests name their own.
GATEWAY_PRIVATE_HOSTS: frozenset[str] = frozenset(env.list("GATEWAY_PRIVATE_HOSTS", []))
# Certificates of authorities that count instead of those of the system, for a company's own.
GATEWAY_CA_FILE = env.str("GATEWAY_CA_FILE", "")
