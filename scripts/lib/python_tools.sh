# shellcheck shell=bash
# Virtual environments for programs that tests and benchmarks use, from pinned requirements. Needs log.sh.

# python_tools DIRECTORY REQUIREMENTS: makes or renews it; what is installed already and runs is left alone.
python_tools() {
    local directory=$1 requirements=$2
    if cmp -s "$requirements" "$directory/installed.txt" && "$directory/bin/python" -c '' 2>/dev/null; then
        note "$(tr '\n' ' ' <"$requirements")there already"
        return
    fi
    note "installing $(tr '\n' ' ' <"$requirements")"
    rm -rf -- "$directory"
    python3 -m venv "$directory" || fail "python3 -m venv failed" "On Debian: apt-get install python3-venv (needs root)."
    "$directory/bin/python" -m pip install --disable-pip-version-check --quiet --requirement "$requirements" ||
        fail "pip could not install what $requirements names" "Check the network, then run this again."
    cp -- "$requirements" "$directory/installed.txt"
}
