#!/bin/sh
# libfolkmoot-decide as somebody else would use it: installed into an empty folder, found by
# pkg-config, linked. $1 is the build folder, $2 library.c, $3 the compiler.
set -eu
to=$(mktemp -d)
trap 'rm -rf "$to"' EXIT
meson install -C "$1" --no-rebuild --destdir "$to" >"$to/log" 2>&1 || { cat "$to/log"; exit 1; }
pc=$(find "$to" -name folkmoot-decide.pc)
PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$to
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
lib=$(dirname "$(dirname "$pc")")
$3 -std=gnu17 -Wall -Wextra -Werror $(pkg-config --cflags folkmoot-decide) "$2" \
	-o "$to/library" $(pkg-config --libs folkmoot-decide)
won=$(LD_LIBRARY_PATH=$lib "$to/library" | tr '\n' ' ')
[ "$won" = "tree " ] || { echo "not ok: won: $won"; exit 1; }
echo "ok libfolkmoot-decide is installed, found and linked"
