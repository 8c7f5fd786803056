# shellcheck shell=bash
# Starts, finds and stops the server of this checkout. Needs log.sh, net.sh and, of the caller, $root.

server_binary=${root:?}/.build/release/orch
server_pid_file=$root/instance/orch.pid
server_log=$root/instance/orch.log

# server_pid: the process of the pid file, if it is there and is this checkout's server.
server_pid() {
    local pid
    [[ -f $server_pid_file ]] || return 1
    read -r pid <"$server_pid_file" || return 1
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    [[ $(ps -p "$pid" -o args= 2>/dev/null) == "$server_binary serve"* ]] || return 1
    echo "$pid"
}

# The port that it was started on: the pid file's second line.
server_port() { sed -n 2p "$server_pid_file"; }

# Whether the running one was built before the last build.
server_is_outdated() { [[ $(readlink "/proc/$1/exe" 2>/dev/null) == *' (deleted)' ]]; }

# server_start PORT: in the background, its own session, so that it outlives the terminal.
server_start() {
    local port=$1 apart=()
    (umask 077 && mkdir -p "$root/instance")
    # The log of the start before is kept, older ones are not.
    if [[ -f $server_log ]]; then mv -f -- "$server_log" "$server_log.1"; fi
    (umask 077 && : >"$server_log")
    if have setsid; then apart=(setsid); else apart=(nohup); fi
    ORCH_PORT=$port "${apart[@]}" "$server_binary" serve </dev/null >>"$server_log" 2>&1 &
    printf '%s\n%s\n' "$!" "$port" >"$server_pid_file"
}

# server_wait_until_ready PORT SECONDS: fails as soon as the process of the pid file is gone.
server_wait_until_ready() {
    local port=$1 limit=$2 since=$SECONDS told=$SECONDS answer pid
    read -r pid <"$server_pid_file"
    while :; do
        answer=$(curl -s -m 3 -w '\n%{http_code}' "http://127.0.0.1:$port/ready" 2>/dev/null || true)
        if [[ ${answer##*$'\n'} == 200 ]]; then return; fi
        if ! kill -0 "$pid" 2>/dev/null; then
            rm -f "$server_pid_file"
            tail -n 15 "$server_log" >&2
            fail "the server ended before it was ready; its last lines are above" "The whole log: $server_log"
        fi
        if ((SECONDS - since >= limit)); then
            tail -n 15 "$server_log" >&2
            fail "the server is not ready after $limit seconds; /ready says: ${answer%$'\n'*}" \
                "It still runs; stop it with: scripts/quickstart --stop. The whole log: $server_log"
        fi
        if ((SECONDS - told >= 5)); then
            told=$SECONDS
            note "$(elapsed "$since"): not ready yet ${answer%$'\n'*}"
        fi
        sleep 0.25
    done
}

# server_stop: asks it to end, and makes it when it does not within the time that it has for its last requests.
server_stop() {
    local pid since=$SECONDS
    if ! pid=$(server_pid); then
        rm -f "$server_pid_file"
        note "no server of this checkout is running"
        return
    fi
    kill -TERM "$pid"
    while server_pid >/dev/null; do
        if ((SECONDS - since >= 40)); then
            warn "it did not end within 40 seconds, ending it hard (receipts that were answered for are on disk)"
            kill -KILL "$pid" 2>/dev/null || true
            break
        fi
        sleep 0.2
    done
    rm -f "$server_pid_file"
    note "stopped (process $pid) after $(elapsed "$since")"
}
