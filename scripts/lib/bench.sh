# shellcheck shell=bash
# The contenders of scripts/bench: how each is started, checked and measured. Needs log.sh, net.sh and, of the caller,
# $root and $bench_directory (a new folder, removed at the end).

bench_pids=()
declare -A bench_port=() bench_pid=() bench_request=() bench_answer=()
bench_data=${root:?}/scripts/bench-data
: "${bench_directory:?}"
BENCH_TOKEN=bench-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export BENCH_TOKEN

# bench_start NAME COMMAND…: in the background, in its own folder, its output in NAME/log.
bench_start() {
    local name=$1
    shift
    mkdir -p "$bench_directory/$name"
    (cd "$bench_directory/$name" && exec "$@") </dev/null >"$bench_directory/$name/log" 2>&1 &
    bench_pid[$name]=$!
    bench_pids+=("$!")
}

# Ends what bench_start started, and nothing else.
bench_end_all() {
    local pid since=$SECONDS
    for pid in "${bench_pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${bench_pids[@]}"; do
        while kill -0 "$pid" 2>/dev/null; do
            if ((SECONDS - since > 35)); then
                kill -KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
        wait "$pid" 2>/dev/null || true
    done
    bench_pids=()
}

# bench_await NAME PATH: until that path of it answers 200.
bench_await() {
    local name=$1 path=$2 since=$SECONDS
    until curl -sf -m 2 -o /dev/null -H "Authorization: Bearer $BENCH_TOKEN" "http://127.0.0.1:${bench_port[$name]}$path"; do
        if ! kill -0 "${bench_pid[$name]}" 2>/dev/null || ((SECONDS - since > 30)); then
            tail -n 15 "$bench_directory/$name/log" >&2
            fail "$name did not start; its last lines are above"
        fi
        sleep 0.1
    done
}

nginx_program() { command -v nginx || echo /usr/sbin/nginx; }

# bench_nginx NAME WORKERS SERVER_BLOCKS: nginx with these blocks in its http section.
bench_nginx() {
    local name=$1 workers=$2 blocks=$3 directory=$bench_directory/$1
    mkdir -p "$directory"
    cat >"$directory/nginx.conf" <<CONF
daemon off;
worker_processes $workers;
pid $directory/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_timeout 3600s;
    keepalive_requests 1000000000;
    client_body_buffer_size 256k;
    client_body_temp_path $directory/body;
    proxy_temp_path $directory/proxy;
    fastcgi_temp_path $directory/fastcgi;
    uwsgi_temp_path $directory/uwsgi;
    scgi_temp_path $directory/scgi;
$blocks
}
CONF
    bench_start "$name" "$(nginx_program)" -p "$directory" -c "$directory/nginx.conf"
}

# The constant upstream: one answer for every chat, made without looking at the request.
bench_start_upstream() {
    local port models completion
    port=$(free_port)
    bench_port[upstream]=$port
    completion=$(sed "s/[\\\\']/\\\\&/g" "$bench_data/completion.json")
    models='{"object":"list","data":[{"id":"gpt-4o-mini","object":"model","created":1760000000,"owned_by":"bench"}]}'
    bench_nginx upstream 1 "
    server {
        listen 127.0.0.1:$port backlog=4096;
        default_type application/json;
        location = /v1/chat/completions { return 200 '$completion'; }
        location = /v1/models { return 200 '$models'; }
        location / { return 404 '{}'; }
    }"
    bench_await upstream /v1/models
}

bench_start_nginx() {
    local port
    port=$(free_port)
    bench_port[nginx]=$port
    bench_nginx nginx auto "
    upstream model { server 127.0.0.1:${bench_port[upstream]}; keepalive 128; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:$port backlog=4096;
        location / {
            proxy_pass http://model;
            proxy_http_version 1.1;
            proxy_set_header Connection '';
            proxy_max_temp_file_size 0;
        }
    }"
    bench_await nginx /v1/models
}

# Its model catalogue is looked for at the upstream, which has none, so that it stays on this machine.
bench_start_ferrogw() {
    local port upstream=http://127.0.0.1:${bench_port[upstream]}
    port=$(free_port)
    bench_port[ferrogw]=$port
    bench_start ferrogw env -i "PATH=$PATH" "HOME=$bench_directory/ferrogw" "PORT=$port" "MASTER_KEY=$BENCH_TOKEN" \
        OPENAI_API_KEY=bench "OPENAI_BASE_URL=$upstream" "FERRO_MODEL_CATALOG_URL=$upstream/none" \
        RATE_LIMIT_RPS=1000000 RATE_LIMIT_BURST=1000000 LOG_LEVEL=error \
        "$root/.venv-bench/bin/ferrogw" serve
    bench_await ferrogw /health
}

# bench_start_ours NAME BINARY [SETTING…]: a release build, with these settings on top of the common ones.
bench_start_ours() {
    local name=$1 binary=$2 port
    shift 2
    port=$(free_port)
    bench_port[$name]=$port
    mkdir -p "$bench_directory/$name"
    ln -s "$root/config" "$bench_directory/$name/config"
    bench_start "$name" env -i "PATH=$PATH" "HOME=$HOME" "ORCH_PORT=$port" "ORCH_BEARER_TOKEN=$BENCH_TOKEN" \
        ORCH_LLM_PROVIDER=openai "ORCH_OPENAI_BASE_URL=http://127.0.0.1:${bench_port[upstream]}/v1" \
        ORCH_LLM_ENABLED=1 ORCH_LLM_NETWORK_ENABLED=1 ORCH_ORCHESTRATOR_MODE=advanced ORCH_MODEL_CHAT=gpt-4o-mini \
        "ORCH_RATE_LIMIT=1000000 per second" ORCH_LOG_LEVEL=warning "ORCH_INSTANCE_DIR=$bench_directory/$name/instance" \
        "ORCH_ASSETS_DIR=$(assets_default_directory)" "ORCH_TRACE_DB_PATH=$bench_directory/$name/instance/trace.db" "$@" \
        "$binary" serve
    bench_await "$name" /ready
}

# bench_check NAME: one request must bring the upstream's answer, and none without the token where tokens are asked for.
bench_check() {
    local name=$1 url answer status
    url=http://127.0.0.1:${bench_port[$name]}/v1/chat/completions
    answer=$(curl -s -m 10 -w '\n%{http_code} %{content_type}' -H "Authorization: Bearer $BENCH_TOKEN" \
        -H 'Content-Type: application/json' --data-binary "@$(bench_request_of "$name")" "$url") || true
    status=${answer##*$'\n'}
    if [[ $status != '200 application/json'* || $answer != *"${bench_answer[$name]-Measure first: how long the report}"* ]]; then
        say "${answer:0:600}"
        fail "$name does not give the answer that it should ($status)"
    fi
    case $name in upstream | nginx) return ;; esac
    status=$(curl -s -m 10 -o /dev/null -w '%{http_code}' --data-binary "@$(bench_request_of "$name")" "$url") || true
    if [[ $status != 401 ]]; then fail "$name answers $status, not 401, without a token: the contenders are not alike"; fi
}

# The file of the request that a contender gets.
bench_request_of() { echo "${bench_request[$1]-$bench_data/request.json}"; }

# bench_same NAME OTHER REQUEST ANSWER: contender NAME is the server OTHER, asked something else.
bench_same() {
    bench_port[$1]=${bench_port[$2]}
    bench_pid[$1]=${bench_pid[$2]}
    bench_request[$1]=$3
    bench_answer[$1]=$4
}

# bench_load NAME CONNECTIONS SECONDS: prints requests, microseconds, failures, p50 and p99 in microseconds.
# One thread makes the load for all alike: it is good for several times what any gateway here answers.
bench_load() {
    local output
    output=$(BENCH_REQUEST=$(bench_request_of "$1") wrk -t1 "-c$2" "-d$3" --timeout 10s --latency -s "$bench_data/post.lua" "http://127.0.0.1:${bench_port[$1]}" 2>&1) || true
    if ! sed -n 's/^BENCH //p' <<<"$output" | grep .; then
        say "$output"
        fail "wrk gave no figures for $1"
    fi
}

# Microseconds that one commit of a row to a bare SQLite database takes (WAL, synchronous=FULL), the median of 500.
bench_bare_commit() {
    python3 - "$bench_directory/bare.db" <<'PYTHON'
import sqlite3, statistics, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE IF NOT EXISTS rows(id INTEGER PRIMARY KEY, content BLOB)")
times = []
for number in range(500):
    start = time.perf_counter()
    database.execute("INSERT INTO rows(content) VALUES (?)", (bytes(2600),))
    times.append((time.perf_counter() - start) * 1e6)
print(round(statistics.median(times)))
PYTHON
}

# Hundredths of a second that a process has used the processor for.
bench_cpu_ticks() { awk '{ print $14 + $15 }' "/proc/${bench_pid[$1]}/stat"; }

bench_resident_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/${bench_pid[$1]}/status"; }

# bench_summarise FILE: from rows of contender, connections, round, requests, microseconds, failures, p50, p99 makes one
# row for each contender and connections, in order of appearance: medians of requests per second, p50, p99; failures.
bench_summarise() {
    awk -F '\t' '
        function median(list, n,    i, j, t) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
            return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
        }
        {
            key = $1 FS $2
            if (!(key in count)) order[++keys] = key
            n = ++count[key]
            rate[key, n] = $4 * 1000000 / $5; p50[key, n] = $7; p99[key, n] = $8; failures[key] += $6
        }
        END {
            for (k = 1; k <= keys; k++) {
                key = order[k]; n = count[key]
                for (i = 1; i <= n; i++) { a[i] = rate[key, i]; b[i] = p50[key, i]; c[i] = p99[key, i] }
                low = high = a[1]
                for (i = 2; i <= n; i++) { if (a[i] < low) low = a[i]; if (a[i] > high) high = a[i] }
                printf "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\n", key, median(a, n), low, high, median(b, n), median(c, n), failures[key]
            }
        }' "$1"
}

# bench_table FILE CONNECTIONS: the summary's rows as Markdown, with ratios of requests per second.
bench_table() {
    printf '\n%s connection(s)\n\n' "$2"
    printf '| contender | requests/s (lowest to highest) | p50 ms | p99 ms | × ferrogw | × nginx | failures |\n'
    printf '| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n'
    awk -F '\t' -v connections="$2" '
        $2 == connections { row[++rows] = $0; rate[$1] = $3 }
        END {
            for (i = 1; i <= rows; i++) {
                split(row[i], f, FS)
                printf "| %s | %d (%d to %d) | %.2f | %.2f | %.2f | %.2f | %s |\n", f[1], f[3], f[4], f[5], f[6] / 1000,
                    f[7] / 1000, f[3] / rate["ferrogw"], f[3] / rate["nginx"], (f[8] > 0 ? f[8] " FAILED" : "0")
            }
        }' "$1"
}

# bench_rows_json FILE: the summary's rows as members of a JSON array.
bench_rows_json() {
    awk -F '\t' '{
        printf "%s\n    {\"contender\":\"%s\",\"connections\":%d,\"requests_per_second\":%d,\"lowest\":%d,\"highest\":%d,\"p50_us\":%d,\"p99_us\":%d,\"failures\":%d}",
            (NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $6, $7, $8
    }' "$1"
}
