#!/usr/bin/env bash
# deploy/nginx.conf as it is shipped, but for ports, names and paths of this machine: nginx accepts
# it, and the program works behind it.  test_slow_nginx.sh DEPLOY_FOLDER
set -euo pipefail
PATH=$PATH:/usr/sbin
for program in nginx openssl curl; do
	if ! command -v $program >/dev/null; then
		echo "skip behind nginx $program is not installed"
		exit 0
	fi
done
work=$(mktemp -d) pids=() bad=0
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
chmod 755 "$work" # workers of nginx are somebody else
deploy=$1 tls=$((20000 + $$ % 4000)) plain=$((24000 + $$ % 4000)) port=$((28000 + $$ % 4000))

check() { # NAME COMMAND…
	if "${@:2}"; then echo "ok $1"; else echo "not ok $1"; bad=1; fi
}

"$FOLKMOOT" serve --data "$work/data" --port $port \
	--origin "https://folkmoot.example:$tls" --trusted-proxy 127.0.0.1 >"$work/out" 2>&1 &
pids+=($!)
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=folkmoot.example \
	-addext subjectAltName=DNS:folkmoot.example \
	-keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
sed -e "s|listen 80;|listen 127.0.0.1:$plain;|; s|listen 443 |listen 127.0.0.1:$tls |" \
	-e '/listen \[::\]/d' -e "s|server 127.0.0.1:8080|server 127.0.0.1:$port|" \
	-e "s|/etc/letsencrypt/live/folkmoot.example|$work|; s|/var/log/nginx|$work|" \
	"$deploy/nginx.conf" >"$work/site.conf"
cat >"$work/nginx.conf" <<END
pid $work/nginx.pid;
error_log $work/error.log;
daemon off;
events { }
http {
	include /etc/nginx/mime.types;
	client_body_temp_path $work/body;
	proxy_temp_path $work/proxy;
	fastcgi_temp_path $work/fastcgi;
	uwsgi_temp_path $work/uwsgi;
	scgi_temp_path $work/scgi;
	include $work/site.conf;
}
END
check 'nginx accepts deploy/nginx.conf' nginx -q -t -c "$work/nginx.conf" -e "$work/error.log"
nginx -c "$work/nginx.conf" -e "$work/error.log" &
pids+=($!)

site="https://folkmoot.example:$tls"
ask() { # CURL ARGUMENTS…
	curl -s --max-time 20 --cacert "$work/fullchain.pem" --cookie "$work/jar" --cookie-jar "$work/jar" \
		--resolve "folkmoot.example:$tls:127.0.0.1" --resolve "folkmoot.example:$plain:127.0.0.1" "$@"
}
for _ in $(seq 100); do ask -o /dev/null "$site/" && break; sleep 0.1; done

ask -i "$site/healthz" >"$work/health"
check 'answers come through, by HTTP/2' grep -q '^HTTP/2 200' "$work/health"
check 'browsers are told to stay with TLS' grep -qi '^strict-transport-security: max-age=31536000' "$work/health"
check 'without TLS it leads to TLS' \
	test "$(ask -o /dev/null -w '%{http_code}' "http://folkmoot.example:$plain/x")" = 301

# A place is set up through the proxy: form, token, cookie, and the answer to the POST.
key=$(sed -n 's|.*/set-up?key=||p' "$work/out")
ask -i "$site/set-up?key=$key" >"$work/form"
check 'its cookie goes over TLS only' grep -qiE '^set-cookie: fm_form=.*; Secure' "$work/form"
csrf=$(grep -oE 'name="csrf" value="[0-9a-f]+' "$work/form" | head -1 | grep -oE '[0-9a-f]+$')
check 'forms are known as our own' \
	test "$(ask -o /dev/null -w '%{http_code}' -H "Origin: $site" --data "csrf=$csrf&key=$key" "$site/set-up")" = 422
check 'a foreign form is refused' \
	test "$(ask -o /dev/null -w '%{http_code}' -H 'Origin: https://elsewhere.example' \
		--data "csrf=$csrf&key=$key" "$site/set-up")" = 403

style=$(grep -oE '/assets/style[^"]*' "$work/form" | head -1)
ask --compressed -D "$work/style" -o /dev/null -H 'Accept-Encoding: gzip' "$site$style"
check 'the style sheet is compressed' grep -qi '^content-encoding: gzip' "$work/style"
ask -D "$work/page" -o /dev/null -H 'Accept-Encoding: gzip' "$site/set-up?key=$key"
check 'pages with a token are not' bash -c "! grep -qi '^content-encoding' '$work/page'"

head -c 12000000 /dev/zero >"$work/large"
check 'more than 11 MiB is refused at the door' \
	test "$(ask -o /dev/null -w '%{http_code}' --data-binary "@$work/large" "$site/set-up")" = 413
head -c 2000000 /dev/zero >"$work/large"
check 'more than 1 MiB without a file is refused by the program' \
	test "$(ask -o /dev/null -w '%{http_code}' --data-binary "@$work/large" "$site/set-up")" = 413
exit $bad
