#!/usr/bin/env bash
# The backup of docs/postgresql.md, as it stands there, with the program: an election is imported, a
# base backup taken, more imported, something dropped by mistake, and the moment before had again.
#   test_backup.sh FOLKMOOT DOCUMENT FILE.pb…
set -euo pipefail
self=$(readlink -f "$0") folkmoot=$1 document=$2
shift 2
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/postgres" ] || { echo "skip postgresql backup # postgresql-15 is not installed"; exit 0; }
[ -f "$1" ] || { echo "skip postgresql backup # no data to import"; exit 0; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
	work=$(mktemp -d "${TMPDIR:-/tmp}/folkmoot-backup-XXXXXX")
	cp "$self" "$folkmoot" "$document" "$@" "$work"
	chown -R postgres "$work"
	trap 'rm -rf "$work"' EXIT
	cd "$work"
	files=()
	for file in "$@"; do files+=("$(basename "$file")"); done
	setpriv --reuid postgres --regid postgres --clear-groups env HOME="$work" TMPDIR="$work" \
		bash "$work/$(basename "$self")" "$work/folkmoot" "$(basename "$document")" "${files[@]}"
	exit
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/folkmoot-drill-XXXXXX")
export PATH=$bin:$PATH PGDATA=$folder/data ARCHIVE=$folder/archive BACKUP=$folder/backup
export RESTORED=$folder/restored PGHOST=$folder PGUSER=folkmoot PGDATABASE=postgres
mkdir "$ARCHIVE"
stop_all() {
	pg_ctl -D "$PGDATA" stop -m immediate >/dev/null 2>&1 || true
	pg_ctl -D "$RESTORED" stop -m immediate >/dev/null 2>&1 || true
	rm -rf "$folder"
}
trap stop_all EXIT

# The n-th block marked sh.
block() { awk -v n="$1" '/^```sh$/ { at++; inside = at == n; next } /^```$/ { inside = 0 } inside' "$document"; }

initdb -D "$PGDATA" -U folkmoot -A trust -E UTF8 --locale=C >/dev/null
printf "listen_addresses = ''\nunix_socket_directories = '%s'\n" "$folder" >>"$PGDATA/postgresql.conf"
pg_ctl -D "$PGDATA" start -w -l "$folder/server.log" >/dev/null
db="postgresql:///postgres"
"$folkmoot" import "$1" --data "$folder/moot" --db $db >/dev/null
eval "$(block 1)" >/dev/null
eval "$(block 2)" >"$folder/verified" 2>&1
grep -q "successfully verified" "$folder/verified" && echo "ok backup: a base backup, verified" ||
	{ cat "$folder/verified"; echo "not ok backup: a base backup, verified"; }
"$folkmoot" import "$2" --data "$folder/moot" --db $db >/dev/null
places=$(psql -XAtc "SELECT count(*) FROM place")
sleep 1
export MOMENT
MOMENT=$(psql -XAtc "SELECT now()")
sleep 1
psql -Xqc "DELETE FROM ballot" -c "SELECT pg_switch_wal()" >/dev/null
for _ in $(seq 100); do
	psql -XAtc "SELECT last_archived_wal IS NOT NULL FROM pg_stat_archiver" | grep -q t && break
	sleep 0.1
done
sleep 1
"$folkmoot" check --data "$folder/moot" --db $db >/dev/null &&
	echo "not ok backup: the mistake is seen" || echo "ok backup: the mistake is seen"
eval "$(block 3)" >/dev/null || { cat "$folder/restored.log"; echo "not ok backup: back to the moment before"; exit 1; }
export PGPORT=5433
for _ in $(seq 100); do
	[ "$(psql -XAtc 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ] && break
	sleep 0.2
done
if "$folkmoot" check --data "$folder/moot" --db "postgresql:///postgres?port=5433" &&
	[ "$(psql -XAtc "SELECT count(*) FROM place")" = "$places" ]; then
	echo "ok backup: back to the moment before, and check agrees"
else
	echo "not ok backup: back to the moment before, and check agrees"
	exit 1
fi
