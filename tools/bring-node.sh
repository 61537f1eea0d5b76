#!/bin/sh
# Brings a current Node from npm into tools/node when the system's own is older than package.json asks for.
# Run by the Makefile with the tree's root as working folder. With --always a new enough system Node is no reason to stop:
# what is installed brings its own.
set -eu

wanted=$(sed -n 's/.*"node": *">=\([0-9.]*\)".*/\1/p' package.json)
[ -n "$wanted" ] || { echo "package.json names no engines.node that bring-node.sh can read" >&2; exit 1; }

is_new_enough() {
  found=$("$1" --version 2>/dev/null) || return 1
  oldest=$(printf '%s\n%s\n' "$wanted" "${found#v}" | sort -V | head -n 1)
  [ "$oldest" = "$wanted" ]
}

# PATH has tools/node first, so this asks the one that everything else will use.
if [ "${1:-}" != --always ] && is_new_enough node; then exit 0; fi
if is_new_enough tools/node/node_modules/.bin/node; then exit 0; fi

if ! command -v npm >/dev/null 2>&1; then
  echo "npm is needed to bring Node $wanted. Install it: apt-get install -y npm (Debian), pacman -S npm (Arch)." >&2
  exit 1
fi
echo "Bringing Node $wanted or newer into tools/node" >&2
(cd tools/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
# npm 9 leaves out the links of what it installs from a lock.
[ -e tools/node/node_modules/.bin/node ] || (cd tools/node && npm rebuild --ignore-scripts --loglevel=error >/dev/null)
is_new_enough tools/node/node_modules/.bin/node || {
  echo "The Node in tools/node is not $wanted or newer: this machine's processor may have no package there." >&2
  exit 1
}
