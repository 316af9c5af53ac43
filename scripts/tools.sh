# Read by the scripts that run tests around another system; each has its own `say`.

install_missing() { # reads lines of a program and the Debian packages that bring it; installs or ends
  local program packages
  local -a missing=()
  while read -r program packages; do
    # Unquoted: several packages are several words.
    command -v "$program" >/dev/null || missing+=($packages)
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "on Debian or Ubuntu, first: sudo apt-get install ${missing[*]}"
    exit 1
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null >&2
  apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" </dev/null >&2
}
