# Shared by the scripts in bin/: sourced, never run. Sets `root`, the folder of the project.
# Messages go to standard error, so that a script may answer on standard output.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say() {
    printf '%s\n' "$@" >&2
}

fail() {
    say "$@"
    exit 1
}

# step NAME COMMAND…: names the step, runs it, and ends the script with the command's status if it fails.
step() {
    step_name=$1
    shift
    printf '\n==> %s\n' "$step_name"
    "$@" || {
        step_status=$?
        say "" "✗ 未通过 / failed: $step_name"
        exit "$step_status"
    }
}

# debian_install PACKAGE…: installs where that is possible without asking anybody; otherwise returns 1.
debian_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "安装系统软件包 / installing system packages: $*"
    {
        apt-get update -q &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
    } >&2
}

# throwaway_home: keeps tests and checks away from the data in var/; removed when the script ends. What Python compiles
# is kept there too, even where the environment forbids it to: each of the many processes would compile everything anew.
throwaway_home() {
    YIDI_HOME=$(mktemp -d "${TMPDIR:-/tmp}/yidi-home.XXXXXX")
    export YIDI_HOME PYTHONPYCACHEPREFIX="$YIDI_HOME/bytecode"
    unset PYTHONDONTWRITEBYTECODE
    trap 'rm -rf "$YIDI_HOME"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}
