#!/bin/sh
# Makes sure that the named groups of programs are there, and installs the missing ones by package name as root.
# An ordinary user is told the exact command instead. Groups: pacman, test, waybar, bench; pacman7 is a folder, and needs no root.
set -eu

# command : Debian package : Arch package
pacman_table='
pacman:pacman-package-manager:pacman
repo-add:pacman-package-manager:pacman
vercmp:makepkg:pacman
bsdtar:libarchive-tools:libarchive
busybox:busybox-static:busybox
zstd:zstd:zstd
gpg:gnupg:gnupg
'
test_table='
redis-server:redis-server:valkey
tmux:tmux:tmux
zsh:zsh:zsh
fish:fish:fish
groff:groff-base:groff
'
waybar_table='
waybar:waybar:waybar
sway:sway:sway
grim:grim:grim
foot:foot:foot
wtype:wtype:wtype
dbus-daemon:dbus-daemon:dbus
mako:mako-notifier:mako
'
bench_table='
tig:tig:tig
git:git:git
'
# What has no program to look for, and is wanted when a program of its group is.
waybar_fonts_debian='fonts-font-awesome fonts-dejavu-core fonts-noto-core'
waybar_fonts_arch='otf-font-awesome ttf-dejavu noto-fonts'

# Debian with its own pacman package still installs by apt-get.
is_arch() { ! command -v apt-get >/dev/null 2>&1; }
if is_arch; then column=3; fonts=$waybar_fonts_arch; else column=2; fonts=$waybar_fonts_debian; fi

missing=''
for group in "$@"; do
  case $group in
    pacman) table=$pacman_table ;;
    test) table=$test_table ;;
    waybar) table=$waybar_table ;;
    bench) table=$bench_table ;;
    pacman7) "$(dirname "$0")/bring-pacman-7.sh" || exit 1; continue ;;
    *) echo "need.sh knows no group $group" >&2; exit 2 ;;
  esac
  before=$missing
  for row in $table; do
    program=${row%%:*}
    # Arch calls the same server valkey-server.
    if [ "$program" = redis-server ] && command -v valkey-server >/dev/null 2>&1; then continue; fi
    if command -v "$program" >/dev/null 2>&1; then continue; fi
    package=$(printf '%s' "$row" | cut -d: -f"$column")
    case " $missing " in *" $package "*) ;; *) missing="$missing $package" ;; esac
  done
  if [ "$group" = waybar ] && [ "$missing" != "$before" ]; then missing="$missing $fonts"; fi
done
[ -n "$missing" ] || exit 0
missing=${missing# }

if is_arch; then
  if ! command -v pacman >/dev/null 2>&1; then
    echo "Missing: $missing. This machine has neither apt-get nor pacman: install them by its own means." >&2
    exit 1
  fi
  install="pacman -S --needed --noconfirm $missing"
else
  install="apt-get install -y --no-install-recommends $missing"
fi

if [ "$(id -u)" -ne 0 ]; then
  printf 'This needs programs that are not installed. Install them, then run make again:\n\n  sudo %s\n\n' "$install" >&2
  exit 1
fi

echo "Installing: $missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# The package lists may be absent or old: refreshed once, and only on Debian (on Arch a refresh without an upgrade
# would leave the machine partially upgraded).
if ! is_arch; then apt-get update >"$log" 2>&1 || { cat "$log" >&2; echo "Could not refresh the package lists." >&2; exit 1; }; fi
# shellcheck disable=SC2086 # a list of words
if ! $install >"$log" 2>&1; then
  cat "$log" >&2
  printf '\nThe installation failed. The command was:\n\n  %s\n\n' "$install" >&2
  exit 1
fi
