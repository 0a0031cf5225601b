# The product for production: web, worker, scheduler and migrations from one image.
# docker-compose.yml shows how they run; every setting comes from the environment.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/base.txt

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home retaguarda \
    && install --directory --owner=retaguarda /var/lib/retaguarda/audit \
    && install --directory --owner=retaguarda --mode=0700 /srv/files
COPY --from=build /opt/venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV DJANGO_SETTINGS_MODULE=backoffice.settings.production STATIC_ROOT=/srv/static XDG_CACHE_HOME=/tmp
WORKDIR /srv/app
COPY . .
# the secrets of this line are thrown away with it
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    AUDIT_SIGNING_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    SECRETS_KEYS="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    ALLOWED_HOSTS=build FILES_ROOT=/srv/files DATABASE_URL=postgresql://build/build REDIS_URL=redis://build EMAIL_URL=dummymail: \
    python manage.py collectstatic --noinput --verbosity=0
USER retaguarda
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-m", "backoffice.doctor.container", "web"]
CMD ["gunicorn", "backoffice.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--timeout=60", "--max-requests=5000", "--max-requests-jitter=500", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
