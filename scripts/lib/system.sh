# shellcheck shell=bash
# Checks what the machine has by using it (headers, programs), and installs Debian packages for what is missing.
# Needs log.sh.

readonly system_swift_minimum='6.2'
readonly system_python_minimum='3.10'

# The compiler that reads C++ headers for Swift: the toolchain's own clang, which needs the system's libstdc++.
system_cxx_compiler() {
    local swift_directory
    swift_directory=$(dirname "$(readlink -f "$(command -v swift 2>/dev/null || echo /nonexistent/swift)")")
    if [[ -x $swift_directory/clang++ ]]; then echo "$swift_directory/clang++"; else echo c++; fi
}

system_has_cxx_headers() {
    local compiler
    compiler=$(system_cxx_compiler)
    have "$compiler" && printf '#include <vector>\n' | "$compiler" -x c++ -std=c++17 -fsyntax-only - 2>/dev/null
}

system_has_header() {
    local compiler
    compiler=$(system_cxx_compiler)
    have "$compiler" && printf '#include <%s>\n' "$1" | "$compiler" -x c++ -std=c++17 -fsyntax-only - 2>/dev/null
}

system_python_is_new_enough() {
    have python3 && python3 -c "import sys; sys.exit(sys.version_info < (${system_python_minimum/./, }))"
}

# system_has PACKAGE: whether what we want from that Debian package is there, wherever it came from.
system_has() {
    case $1 in
        bubblewrap) [[ $(uname -s) != Linux ]] || have bwrap ;;
        ca-certificates) [[ -s /etc/ssl/certs/ca-certificates.crt || -s /etc/ssl/cert.pem ]] ;;
        curl | git | jq | wrk | shellcheck) have "$1" ;;
        golang-go) have go ;;
        g++) system_has_cxx_headers ;;
        libhyperscan5 | libvectorscan5) ldconfig -p 2>/dev/null | grep -q 'libhs\.so\.5' ;;
        libgomp1) [[ $(uname -s) != Linux ]] || ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1' ;;
        libre2-dev) pkg-config --exists re2 2>/dev/null || system_has_header re2/re2.h ;;
        libsqlite3-dev) pkg-config --exists sqlite3 2>/dev/null || system_has_header sqlite3.h ;;
        nginx-light) have nginx || [[ -x /usr/sbin/nginx ]] ;;
        pkg-config) have pkg-config ;;
        procps) have ps ;;
        python3) system_python_is_new_enough ;;
        python3-pip) python3 -m pip --version >/dev/null 2>&1 ;;
        python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        util-linux) have flock && have setsid ;;
        *) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
    esac
}

# The packages each purpose needs; in this order, since later checks use what earlier ones bring.
system_packages_for() {
    case $1 in
        assets) echo ca-certificates python3 python3-pip python3-venv util-linux libgomp1 ;;
        build) echo ca-certificates git g++ pkg-config libre2-dev libsqlite3-dev ;;
        serve) echo bubblewrap curl procps ;;
        bench) echo curl procps nginx-light wrk ;;
        # The engine of literals is Intel's where the processor is; elsewhere it is its port.
        test)
            echo golang-go golang-golang-x-mod-dev jq valgrind
            if [[ $(uname -m) == x86_64 ]]; then echo libhyperscan5; else echo libvectorscan5; fi
            ;;
        *) fail "unknown purpose $1" ;;
    esac
}

# system_require PURPOSE…: returns when everything is there, installing what is missing if it can.
system_require() {
    local purpose package missing=()
    for purpose in "$@"; do
        for package in $(system_packages_for "$purpose"); do
            if system_has "$package"; then continue; fi
            if [[ " ${missing[*]-} " != *" $package "* ]]; then missing+=("$package"); fi
        done
    done
    if ((${#missing[@]} == 0)); then
        note "system packages for $*: all there"
        return
    fi
    note "missing: ${missing[*]}"
    system_install "${missing[@]}"
    local still=()
    for package in "${missing[@]}"; do
        system_has "$package" || still+=("$package")
    done
    if ((${#still[@]} > 0)); then
        fail "still missing after the installation: ${still[*]}" \
            "Install them by hand, then run this again; what is done already is not done twice." \
            "$(system_hint)"
    fi
}

system_hint() {
    echo "Python must be $system_python_minimum or later, C++ headers those that the Swift toolchain's clang finds."
}

# system_install PACKAGE…: with apt-get, as root or through sudo; else says the command to type and fails.
system_install() {
    local command="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! have apt-get; then
        fail "this machine has no apt-get, so the packages cannot be installed for you" \
            "Install what corresponds to these Debian packages, then run this again:" "  $*"
    fi
    local as_root=()
    if ((EUID != 0)); then
        if ! have sudo; then
            fail "installing system packages needs root, and there is no sudo here" \
                "Ask for this to be run as root, then run this again (nothing else here needs root):" "  $command"
        fi
        note "installing system packages needs root: sudo may ask for your password (nothing else here needs root)"
        as_root=(sudo)
    fi
    local policy=''
    if [[ " $* " == *' nginx-light '* ]]; then
        policy=$(system_hold_services "${as_root[@]}")
        # shellcheck disable=SC2064 # with the values of now
        if [[ -n $policy ]]; then trap "${as_root[*]} rm -f $policy; exit 130" INT TERM; fi
    fi
    local log status=0
    log=$(mktemp)
    note "apt-get update"
    "${as_root[@]}" apt-get update -q >"$log" 2>&1 || status=$?
    if ((status == 0)); then
        note "apt-get install $*"
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
            >"$log" 2>&1 || status=$?
    fi
    if [[ -n $policy ]]; then
        "${as_root[@]}" rm -f "$policy"
        trap - INT TERM
    fi
    if ((status != 0)); then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "apt-get ended with status $status" "Mend what it says above, or type it yourself as root:" "  $command"
    fi
    rm -f "$log"
}

# Keeps Debian from starting nginx's own service on port 80 at its installation; prints the file to remove after it.
system_hold_services() {
    local file=/usr/sbin/policy-rc.d
    if [[ -e $file ]]; then return; fi
    printf '#!/bin/sh\nexit 101\n' | "$@" tee "$file" >/dev/null
    "$@" chmod 0755 "$file"
    echo "$file"
}

# version_at_least VERSION MINIMUM
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

system_require_swift() {
    local advice=(
        "Install Swift $system_swift_minimum or later: https://www.swift.org/install/linux/ (swiftly does it without root),"
        "put it on the PATH, check with: swift --version; then run this again."
    )
    have swift || fail "there is no Swift toolchain on the PATH" "${advice[@]}"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [[ -n $version ]] || fail "swift --version does not answer" "${advice[@]}"
    version_at_least "$version" "$system_swift_minimum" || fail "Swift $version is too old" "${advice[@]}"
    note "Swift $version"
}

# build_release LOG PRODUCT: a release build of a product. On Linux Swift's own libraries go into the program: it runs
# without the toolchain then, and calls them without the table of shared libraries.
build_release() {
    local flags=() toolchain
    toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    if [[ -d $toolchain/lib/swift_static/linux ]]; then flags+=(--static-swift-stdlib); fi
    run_logged "$1" swift build -c release "${flags[@]}" --product "$2"
}

# system_require_disk DIRECTORY MEBIBYTES WHAT
system_require_disk() {
    local free
    free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
    if ((free < $2)); then
        fail "$3 needs about $2 MiB of disk, and $1 has $free MiB free" "Make room there, then run this again."
    fi
}
