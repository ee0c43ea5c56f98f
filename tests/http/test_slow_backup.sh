#!/usr/bin/env bash
# The drill of docs/operating.md: a backup while the server runs, checked and served elsewhere.
set -euo pipefail
work=$(mktemp -d) pids=() bad=0
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

check() { # NAME COMMAND…
	if "${@:2}" >"$work/out" 2>&1; then
		echo "ok $1"
	else
		sed 's/^/# /' "$work/out"
		echo "not ok $1"
		bad=1
	fi
}

serve() { # FOLDER: sets $url
	"$FOLKMOOT" serve --data "$1" --port 0 --ready-file "$1/ready" >/dev/null 2>&1 &
	pids+=($!)
	for _ in $(seq 200); do [ -s "$1/ready" ] && break; sleep 0.05; done
	url=$(cat "$1/ready")
}

cat >"$work/small.pb" <<'END'
META
key;value
description;A small vote
country;Nowhere
unit;Somewhere
instance;2026
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
1;60;Benches
2;70;Lamps
VOTES
voter_id;vote
1;1
2;1,2
3;2,1
END
"$FOLKMOOT" import "$work/small.pb" --data "$work/data" --slug small >/dev/null
serve "$work/data"
curl -sf "$url/small/decisions" >"$work/before"
check 'a backup while the server runs' "$FOLKMOOT" backup "$work/copy.db" --data "$work/data"
check 'a second one does not go over it' bash -c "! '$FOLKMOOT' backup '$work/copy.db' --data '$work/data'"
check 'there is no backup of a folder that is not there' \
	bash -c "! '$FOLKMOOT' backup '$work/none.db' --data '$work/nowhere' && [ ! -e '$work/none.db' ]"
check 'it is one file' bash -c "! ls '$work'/copy.db-* 2>/dev/null"

install -d -m 700 "$work/drill"
cp "$work/copy.db" "$work/drill/folkmoot.db"
check 'what was restored passes folkmoot check' "$FOLKMOOT" check --data "$work/drill"
serve "$work/drill"
curl -sf "$url/small/decisions" >"$work/after"
sed -i 's|http://127.0.0.1:[0-9]*||' "$work/before" "$work/after"
check 'and shows the same' diff "$work/before" "$work/after"
exit $bad
