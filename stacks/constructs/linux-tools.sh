#!/bin/sh
# Makes sure that an instance has what SSM Agent records a session on Linux with:
#   script  agents since 2.3.978.0 need it; without it the transcript is cut short or empty
#   screen  older agents need it; RHEL and its kin have had it in EPEL only since 8, so it may be missing
# Does nothing where both are there. Fails if script cannot be had, or if screen is offered but cannot be installed.
set -u

# All attempts for both tools end before the document's own timeout does.
LOCK_SECONDS=120
ATTEMPTS=3
PAUSE_SECONDS=20

export ZYPP_LOCK_TIMEOUT="$LOCK_SECONDS"
export DEBIAN_FRONTEND=noninteractive
# Ubuntu would restart services for the sake of a tool.
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

# dnf and yum wait for each other by themselves, zypper as its variable says.
apt() { apt-get -q -o "DPkg::Lock::Timeout=$LOCK_SECONDS" -o Acquire::Retries=3 "$@"; }

# The package that brings a tool. By path where the manager knows paths: in RHEL 10 and Fedora, script has moved
# from util-linux to util-linux-script.
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

# Whether the enabled repositories have screen at all. Where they can't be asked, installing it shall say why.
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
    say "$1 is there"
    return 0
  fi
  if [ -z "$manager" ]; then
    say "$1 is missing, and there is none of dnf, yum, apt-get and zypper to install it with" >&2
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
    say "$1 is still missing, though $manager says that it has installed $package" >&2
    return 1
  fi
  say "$1 has been installed with $manager"
}

manager=$(find_manager)
ensure script || exit 1
if ! has screen && ! screen_is_offered; then
  say "screen is not to be had here (RHEL and its kin have it in EPEL); only agents before 2.3.978.0 need it"
  exit 0
fi
ensure screen
