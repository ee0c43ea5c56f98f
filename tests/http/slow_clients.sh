#!/usr/bin/env bash
# The server under slowhttptest (slow headers, slow bodies): it goes on answering, and ends
# what drips. slow_clients.sh PROGRAM
set -euo pipefail
program=$1
if ! command -v slowhttptest >/dev/null; then
	echo "skip slow clients # slowhttptest is not installed"
	exit 0
fi
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
"$program" serve --data "$folder/data" --port 0 --ready-file "$folder/ready" >/dev/null &
server=$!
for _ in $(seq 200); do [ -s "$folder/ready" ] && break; sleep 0.1; done
url=$(cat "$folder/ready")

connections() {
	ss -Htn state established "( sport = :${url##*:} )" | wc -l
}

# attack NAME SECONDS OPTIONS…: 200 connections that never finish, each sending a little every
# second. All must have been ended by the server after SECONDS, and people be answered meanwhile.
attack() {
	local name=$1 seconds=$2 held open slow=0 attacker
	shift 2
	slowhttptest "$@" -c 200 -r 200 -i 1 -l $((seconds + 20)) -u "$url/join" -p 1 \
		>"$folder/log" 2>&1 &
	attacker=$!
	sleep 3
	held=$(connections)
	for _ in $(seq 10); do
		curl -sf -m 2 -o /dev/null "$url/healthz" || slow=$((slow + 1))
		sleep 0.3
	done
	sleep $((seconds - 3))
	open=$(connections)
	kill "$attacker" 2>/dev/null || true
	wait "$attacker" 2>/dev/null || true
	if [ "$held" -ge 100 ] && [ "$slow" -eq 0 ] && [ "$open" -eq 0 ]; then
		echo "ok $name: $held connections, people answered meanwhile, all ended after $seconds s"
	else
		echo "not ok $name: $held connections, $slow of 10 requests not answered, $open still open"
		failed=1
	fi
}

failed=0
attack "slow headers" 14 -H
attack "slow bodies" 66 -B -s 8192
exit $failed
