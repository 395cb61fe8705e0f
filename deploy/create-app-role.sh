#!/bin/sh
# Run once by PostgreSQL's image on an empty volume: the role the portal runs as, with no right of its own.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$APP_PASSWORD" <<'SQL'
CREATE ROLE portal_app LOGIN PASSWORD :'password';
SQL
