import Synchronization

/// Workspaces that no pass uses now.
final class WorkspacePool: Sendable {
    private let idle = Mutex<[BERTWorkspace]>([])
    private let make: @Sendable () -> BERTWorkspace
    /// The most that are kept.
    private static let maximumIdle = 4

    init(make: @escaping @Sendable () -> BERTWorkspace) {
        self.make = make
    }

    /// Gives a workspace to a body, of which nobody else has it.
    func with<Result>(_ body: (BERTWorkspace) -> Result) -> Result {
        let workspace = idle.withLock { $0.popLast() } ?? make()
        defer {
            idle.withLock { idle in
                if idle.count < Self.maximumIdle { idle.append(workspace) }
            }
        }
        return body(workspace)
    }
}
