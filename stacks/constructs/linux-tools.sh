#!/bin/sh
# Installs the two programs with which SSM Agent records a session on Linux:
#   script  SSM Agent 2.3.978.0 and later need it; without it the transcript is cut short or empty
#   screen  older versions need it; since RHEL 8, RHEL and its derivatives offer it in EPEL only, so it may be missing
# Changes nothing on an instance that has both. Fails if script is missing and cannot be installed, or if the enabled
# repositories offer screen and it cannot be installed.
set -u

# All attempts for both programs end before the timeout of the SSM document.
LOCK_SECONDS=120
ATTEMPTS=3
PAUSE_SECONDS=20

export ZYPP_LOCK_TIMEOUT="$LOCK_SECONDS"
export DEBIAN_FRONTEND=noninteractive
# Without this variable, Ubuntu restarts services after the installation.
export NEEDRESTART_SUSPEND=1

say() { echo "session-audit: $*"; }
has() { command -v "$1" >/dev/null 2>&1; }

find_manager() {
  for candidate in dnf yum apt-get zypper; do
    if has "$candidate"; then
      echo "$candidate"
      return
    fi
  done
}

# dnf and yum wait for a lock without an option; zypper takes ZYPP_LOCK_TIMEOUT.
apt() { apt-get -q -o "DPkg::Lock::Timeout=$LOCK_SECONDS" -o Acquire::Retries=3 "$@"; }

# The package that contains a program. dnf and yum find it by the path of the program: in RHEL 10 and Fedora, script has
# moved from the package util-linux to util-linux-script.
package_of() {
  case "$manager:$1" in
    dnf:* | yum:*) echo "/usr/bin/$1" ;;
    apt-get:script) echo bsdutils ;;
    zypper:script) echo util-linux ;;
    *) echo "$1" ;;
  esac
}

refresh() {
  case "$manager" in
    dnf) dnf -q makecache ;;
    yum) yum -q makecache fast ;;
    apt-get) apt update ;;
    zypper) zypper --non-interactive --quiet refresh ;;
  esac
}

add_package() {
  case "$manager" in
    dnf) dnf -y -q --setopt=install_weak_deps=False install "$1" ;;
    yum) yum -y -q install "$1" ;;
    apt-get) apt -y --no-install-recommends --no-remove install "$1" ;;
    zypper) zypper --non-interactive --quiet install --no-recommends "$1" ;;
  esac
}

# Whether the enabled repositories offer screen. If they cannot be read, the answer is yes, and the installation reports
# the error.
screen_is_offered() {
  [ -n "$manager" ] || return 1
  refresh || return 0
  case "$manager" in
    dnf | yum) "$manager" -q list available screen ;;
    apt-get) apt-cache show screen ;;
    zypper) zypper --non-interactive --quiet search --match-exact screen ;;
  esac >/dev/null 2>&1
}

ensure() {
  if has "$1"; then
    say "$1 is installed"
    return 0
  fi
  if [ -z "$manager" ]; then
    say "$1 is missing, and the instance has no dnf, yum, apt-get or zypper to install it" >&2
    return 1
  fi
  package=$(package_of "$1")
  attempt=1
  until refresh && add_package "$package"; do
    if [ "$attempt" -ge "$ATTEMPTS" ]; then
      say "$1 is missing, and $manager could not install $package in $ATTEMPTS attempts" >&2
      return 1
    fi
    attempt=$((attempt + 1))
    sleep "$PAUSE_SECONDS"
  done
  if ! has "$1"; then
    say "$1 is still missing, although $manager reported that it installed $package" >&2
    return 1
  fi
  say "$1 has been installed with $manager"
}

manager=$(find_manager)
ensure script || exit 1
if ! has screen && ! screen_is_offered; then
  say "the enabled repositories do not offer screen (RHEL and its derivatives have it in EPEL); only SSM Agent before 2.3.978.0 needs it"
  exit 0
fi
ensure screen
