#!/usr/bin/env bash
# deploy/folkmoot.service: systemd accepts it and finds little that it leaves open; the options it
# gives are the program's.  test_slow_service.sh DEPLOY_FOLDER
set -euo pipefail
if ! command -v systemd-analyze >/dev/null; then
	echo "skip the systemd unit systemd-analyze is not installed"
	exit 0
fi
work=$(mktemp -d) bad=0 pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
unit=$work/folkmoot.service
port=$((20000 + $$ % 10000))
sed "s|/usr/local/bin/folkmoot|$FOLKMOOT|" "$1/folkmoot.service" >"$unit"

check() { # NAME COMMAND…
	if "${@:2}" >"$work/out" 2>&1; then
		echo "ok $1"
	else
		sed 's/^/# /' "$work/out"
		echo "not ok $1"
		bad=1
	fi
}
check 'systemd accepts the unit' systemd-analyze verify "$unit"
# 100 is fully exposed, in tenths of a point; an unhardened service has 96.
check 'its exposure is at most 1.5' \
	systemd-analyze security --offline=true --threshold=15 "$unit"

# Its command line, but for the folder and the port of this test.
command=$(sed -n 's|^ExecStart=||p' "$unit" |
	sed "s|/var/lib/folkmoot|$work/data|; s|--port 8080|--port $port|")
$command >"$work/server" 2>&1 &
pid=$!
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$port/healthz" && break; sleep 0.1; done
check 'its command line starts the server' \
	test "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/healthz")" = 200
exit $bad
