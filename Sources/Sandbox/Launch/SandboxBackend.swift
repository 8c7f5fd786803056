/// What puts a program behind walls.
protocol SandboxBackend: Sendable {
    /// The word for records: `bubblewrap` or `docker`.
    var name: String { get }

    /// Whether a group of processes is held to its limits together. Else a program has one process alone.
    var isGrouped: Bool { get }

    /// Runs a guest to its end.
    ///
    /// Blocks; for a worker's thread.
    ///
    /// - Parameters:
    ///   - cancellation: A descriptor that can be read when the guest shall end.
    /// - Throws: ``SandboxError`` where nothing has run.
    func run(
        _ guest: Guest, limits: SandboxLimits, cancellation: CInt
    ) throws(SandboxError) -> SandboxRun
}
