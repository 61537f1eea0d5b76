// How other modules know of updates: checkupdates of pacman-contrib, whole, and the loop around it that a bar runs.

/** A private copy of the databases, refreshed, then asked. $1 is the machine's database folder, $2 the configuration. */
export const CHECK_UPDATES =
  'd=$(mktemp -d) && ln -s "$1/local" "$d/local" && pacman --config "$2" --dbpath "$d" --logfile /dev/null -Sy >/dev/null; pacman --config "$2" --dbpath "$d" -Qu; rm -r "$d"';

/** A module of its kind: a line now and then. Most look at the machine every few seconds, at the network seldom. */
export const SHELL_MODULE = `while :; do n=$({ ${CHECK_UPDATES}; } | wc -l); printf '{"text":"%s","tooltip":"%s updates","class":["pending"]}\\n' "$n" "$n"; sleep 5; done`;
