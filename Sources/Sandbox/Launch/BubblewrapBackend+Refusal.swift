extension BubblewrapBackend {
    /// What kept a program from being started, by what bubblewrap wrote.
    ///
    /// Its text holds paths of the machine, and is not passed on.
    static func refusal(_ errors: [UInt8], _ guest: Guest) -> SandboxError {
        let text = String(decoding: errors.prefix(4096), as: UTF8.self)
        if text.contains("execvp") {
            return SandboxError(
                .commandMissing,
                "the program is not in the tools' folder, or cannot be started there; it must be a Python file "
                    + "(.py) or an executable that needs no more than the C library, and readable by everybody")
        }
        if text.contains("set hostname") {
            return SandboxError(
                .unavailable,
                "this system does not let the sandbox give itself a name: the server's unit must not set "
                    + "ProtectHostname, and a seccomp profile must let sethostname pass")
        }
        let isNamespace = [
            "No permissions to", "user namespaces", "Creating new namespace failed", "uid map", "gid map", "setgroups",
            "loopback", "Operation not permitted", "max_user_namespaces",
        ].contains(where: text.contains)
        if isNamespace { return namespacesForbidden }
        if text.contains("Unknown option") || text.contains("unknown option") {
            return SandboxError(.unavailable, "this bubblewrap is too old; version 0.7 or newer is needed")
        }
        if text.contains("/tools") || text.contains("source") {
            return SandboxError(
                .unavailable,
                "a folder that the sandbox shows cannot be read by its user: the tools' folder and those above it must "
                    + "be readable by everybody (chmod o+rx)")
        }
        return SandboxError(.unavailable, "bubblewrap cannot make a sandbox here; run orch sandbox check")
    }

    static let namespacesForbidden = SandboxError(
        .unavailable,
        "this system does not let the server make user namespaces. On Debian: sysctl kernel.unprivileged_userns_clone=1. "
            + "On Ubuntu: an AppArmor profile for bwrap, or sysctl kernel.apparmor_restrict_unprivileged_userns=0. "
            + "Elsewhere: sysctl user.max_user_namespaces above 0. In a container: a seccomp profile that lets it unshare"
    )

    static let missing = SandboxError(
        .unavailable, "bubblewrap is not installed; install it (apt-get install bubblewrap)")
}
