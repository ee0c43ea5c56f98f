# Read by ./run and ./test: installs what packages.txt names, front-end packages, and builds.
# Does nothing, quickly, when everything is there.

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# setup_packages run|test…: Debian packages of these kinds that are missing.
setup_packages() {
	local wanted missing=() name status
	wanted=$(grep -E "^($(IFS='|'; echo "$*")) " packages.txt | cut -d' ' -f2)
	# Node.js may come from elsewhere than Debian.
	if command -v node >/dev/null && command -v npm >/dev/null; then
		wanted=$(grep -vxE 'nodejs|npm' <<<"$wanted")
	fi
	while read -r name status; do
		[ "$status" = ii ] || missing+=("$name")
	done < <(for name in $wanted; do echo "$name"; done | sort >"${TMPDIR:-/tmp}/folkmoot-wanted.$$"
		dpkg-query -W -f='${Package} ${db:Status-Abbrev}\n' $wanted 2>/dev/null |
			sort -u | join -a1 -e- -o 0,2.2 "${TMPDIR:-/tmp}/folkmoot-wanted.$$" -
		rm -f "${TMPDIR:-/tmp}/folkmoot-wanted.$$")
	[ ${#missing[@]} = 0 ] && return
	echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		"${missing[@]}" >/dev/null
}

# setup_npm [--omit=dev]: front-end packages of package-lock.json, unless they are there.
setup_npm() {
	local stamp=node_modules/.folkmoot-stamp want
	want="$(sha256sum package-lock.json | cut -d' ' -f1)"
	# A full install serves those who omit the development packages, too.
	grep -qsxF -e "$want " -e "$want $*" "$stamp" && return
	echo "Installing front-end packages"
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "$@"
	echo "$want $*" >"$stamp"
}

# setup_build FOLDER [meson options…]
setup_build() {
	local folder=$1
	shift
	if [ ! -f "$folder/build.ninja" ]; then
		echo "Building in $folder"
		meson setup "$folder" "$@" >"$folder.log" 2>&1 || { cat "$folder.log"; return 1; }
		rm -f "$folder.log"
	fi
	ninja -C "$folder" --quiet
}
