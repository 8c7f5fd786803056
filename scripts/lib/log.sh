# shellcheck shell=bash
# Messages, numbered steps with elapsed time, failure. All of it goes to stderr: stdout is for results.

log_started=$SECONDS
log_step_number=0
log_step_total=0

say() { printf '%s\n' "$*" >&2; }
note() { printf '  %s\n' "$*" >&2; }
warn() { printf '  warning: %s\n' "$*" >&2; }

# fail MESSAGE [WHAT TO DO…]: prints both and ends the script with status 1.
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# usage_error MESSAGE: a wrong command line, status 2.
usage_error() {
    printf 'error: %s (see --help)\n' "$1" >&2
    exit 2
}

# elapsed SINCE: "1m 05s" since that value of SECONDS.
elapsed() {
    local total=$((SECONDS - $1))
    if ((total < 60)); then printf '%ds' "$total"; else printf '%dm %02ds' $((total / 60)) $((total % 60)); fi
}

# step TEXT: "[2/5] TEXT (12s since the start)".
step() {
    log_step_number=$((log_step_number + 1))
    local of=''
    if ((log_step_total > 0)); then of="/$log_step_total"; fi
    printf '\n[%d%s] %s (%s)\n' "$log_step_number" "$of" "$*" "$(elapsed "$log_started")" >&2
}

have() { command -v "$1" >/dev/null 2>&1; }

# mebibytes BYTES: "93.8 MiB".
mebibytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f MiB", bytes / 1048576 }'; }

# print_help FILE: the comment block under the first line of a script is its help text.
print_help() { awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$1"; }

# run_logged LOG COMMAND…: runs it with its output in LOG. On a terminal it is shown too; elsewhere one line every half
# minute says how far it is. Prints the log's end when it fails, and returns its status.
run_logged() {
    local log=$1 status=0
    shift
    mkdir -p "$(dirname "$log")"
    if [[ -t 2 ]]; then
        "$@" 2>&1 | tee "$log" >&2 || status=$?
        return "$status"
    fi
    local since=$SECONDS told=$SECONDS
    "$@" >"$log" 2>&1 &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.5
        if ((SECONDS - told >= 30)); then
            told=$SECONDS
            note "$(elapsed "$since"): $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)"
        fi
    done
    wait "$pid" || status=$?
    if ((status != 0)); then
        note "its last lines (all of it: $log):"
        tail -n 40 "$log" >&2
    fi
    return "$status"
}
