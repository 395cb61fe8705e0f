# The portal for servers: web, worker, beat and migrations run from this one image.
FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home portal

WORKDIR /srv/portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_VAR=/srv/var STATIC_ROOT=/srv/static WEB_BIND=0.0.0.0:8000

COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

COPY . .
# Static files are the same on every server; the two addresses only say that none is to be started here.
RUN PORTAL_DEMO=1 PORTAL_VAR=/tmp/build DATABASE_URL=postgres://none REDIS_URL=redis://none python manage.py setup --static \
 && rm -rf /tmp/build \
 && install -d -o portal -m 700 /srv/var

USER portal
VOLUME /srv/var
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
