#!/bin/sh
# Brings a pacman 7 to a machine whose own is older: Debian 13's, unpacked into a folder and never installed, with two
# small programs in DIR/bin that start it. A machine whose own pacman is 7 or newer keeps using that: DIR/bin is empty.
# Done once; what an aborted run downloaded is not downloaded again. Usage: bring-pacman-7.sh [DIR]
set -eu

directory=${1:-.build/pacman-7}
suite=trixie
keyring=${DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
[ ! -e "$directory/.complete" ] || exit 0
mkdir -p "$directory/bin"
directory=$(cd "$directory" && pwd)

give_up() {
  printf 'The tests under pacman 7 need it, and it could not be had: %s.\n' "$1" >&2
  echo "Nothing of this machine was changed. Mend that and run make again; it goes on where it stopped." >&2
  exit 1
}

major=$(pacman --version 2>/dev/null | sed -n 's/.*Pacman v\([0-9]*\).*/\1/p')
if [ "${major:-0}" -ge 7 ]; then
  : >"$directory/.complete"
  exit 0
fi

for program in apt-get dpkg-deb; do
  command -v "$program" >/dev/null 2>&1 || give_up "this machine's pacman is ${major:-absent}, and there is no $program to bring another"
done
[ -r "$keyring" ] || give_up "$keyring, which vouches for Debian's packages, is not there"
# The mirror that this machine uses already.
find_mirror() { apt-get indextargets --format '$(REPO_URI) $(LABEL)' | sed -n 's/ Debian$//p' | head -n 1; }
mirror=$(find_mirror)
# apt-get tells it only once its lists are there.
if [ -z "$mirror" ] && [ "$(id -u)" -eq 0 ] && apt-get update >/dev/null 2>&1; then mirror=$(find_mirror); fi
[ -n "$mirror" ] || give_up "apt-get knows no mirror of Debian; run apt-get update"

# Lists, downloads and the idea of what is installed (nothing, so that every library comes along) in the folder.
apt=$directory/apt
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/state/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
log=$apt/log
private_apt() {
  apt-get -q -o Dir::State="$apt/state" -o Dir::State::status="$apt/state/status" -o Dir::Cache="$apt/cache" \
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o APT::Install-Recommends=false -o APT::Sandbox::User= \
    -o APT::Update::Post-Invoke= -o DPkg::Post-Invoke= -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
    -o APT::Update::Error-Mode=any "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    give_up "apt-get could not fetch it from $mirror (is there a network?)"
  }
}

echo "Bringing pacman 7 into $directory" >&2
private_apt update
private_apt -y --download-only install pacman-package-manager

system=$directory/system
rm -rf "$system" "$system.new"
mkdir -p "$system.new"
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$system.new" || give_up "$package cannot be unpacked"
done
mv "$system.new" "$system"

# With the loader and libraries of its own Debian, on the machine's files: no chroot, no mounts, the same process id.
loader=$(find "$system/usr/lib64" "$system/usr/lib" -maxdepth 1 -name 'ld-linux-*' 2>/dev/null | head -n 1)
[ -n "$loader" ] || give_up "its loader is not among what was unpacked"
libraries=$(dirname "$(find "$system/usr/lib" -name 'libalpm.so.*' | head -n 1)")
for program in pacman pacman-conf; do
  printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' \
    "$loader" "$libraries" "$system/usr/bin/$program" >"$directory/bin/$program"
  chmod 755 "$directory/bin/$program"
done
"$directory/bin/pacman" --version >"$log" 2>&1 || { cat "$log" >&2; give_up "what was brought does not run"; }
rm -rf "$apt"
: >"$directory/.complete"
