# shellcheck shell=bash
# The .env of the checkout. Needs log.sh.

# env_file_value FILE NAME: the value that the file gives it, empty if none.
env_file_value() {
    if [[ -f $1 ]]; then sed -n "s/^$2=//p" "$1" | tail -n 1; fi
}

env_file_token() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# env_file_make FILE PORT MODEL: a first .env, mode 0600, with a token of its own. MODEL is yes or no.
env_file_make() {
    local file=$1 port=$2 model=$3 partial
    partial=$(umask 077 && mktemp "$file.XXXXXX")
    {
        echo "# Made by scripts/quickstart; yours to edit. The environment wins over what stands here."
        echo "# Every name: docs/configuration.md; what is in force: orch config show."
        echo "ORCH_BEARER_TOKEN=$(env_file_token)"
        echo "# Approves what unsafe tools are asked to do; who asks never approves."
        echo "ORCH_OPERATOR_TOKEN=operator:$(env_file_token)"
        echo "ORCH_ORCHESTRATOR_MODE=advanced"
        if [[ $model == yes ]]; then
            echo "ORCH_LLM_ENABLED=1"
            echo "ORCH_LLM_NETWORK_ENABLED=1"
            echo "ORCH_LLM_PROVIDER=local"
            echo "# A processor alone is slow at long answers; the default is 30."
            echo "ORCH_LLM_TIMEOUT_SEC=120"
        else
            echo "# No managed model here. With Ollama running: set both to 1, and ORCH_MODEL_CHAT to a model it has."
            echo "ORCH_LLM_ENABLED=0"
            echo "ORCH_LLM_NETWORK_ENABLED=0"
            echo "ORCH_LLM_PROVIDER=ollama"
        fi
        if [[ $port != 8088 ]]; then echo "ORCH_PORT=$port"; fi
    } >"$partial"
    mv -- "$partial" "$file"
}

# env_file_check FILE: what would make the printed requests fail.
env_file_check() {
    local file=$1
    if [[ -z $(env_file_value "$file" ORCH_BEARER_TOKEN) ]]; then
        fail "$file has no ORCH_BEARER_TOKEN" "Add one, for example:" \
            "  echo \"ORCH_BEARER_TOKEN=\$(od -An -N24 -tx1 /dev/urandom | tr -d ' \\n')\" >> .env"
    fi
    if [[ -n $(find "$file" -perm /077) ]]; then
        warn "others on this machine may read $file; to keep it to yourself: chmod 600 .env"
    fi
}
