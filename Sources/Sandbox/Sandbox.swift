import CSandbox
import Dispatch
import OrchCore
import Synchronization

/// The sandbox of a process: programs that nobody vouches for run in it, and nowhere else.
package final class Sandbox: Sendable {
    /// Which walls.
    package enum Choice: Sendable, Hashable { case auto, bubblewrap, docker }

    package struct Settings: Sendable, Hashable {
        package var choice: Choice
        /// Of docker.
        package var image: String
        package var limits: SandboxLimits
        /// The folder of tools' programs on the host.
        package var toolFolder: String

        package init(
            choice: Choice = .auto, image: String = "python:3.12-slim", limits: SandboxLimits = SandboxLimits(),
            toolFolder: String
        ) {
            self.choice = choice
            self.image = image
            self.limits = limits
            self.toolFolder = toolFolder
        }
    }

    /// What happened, for metrics.
    package enum Event: Sendable, Hashable {
        /// A program has run in these walls; see ``SandboxRun/End/word``.
        case ended(_ backend: String, SandboxRun.End, Duration)
        /// A program has not been started.
        case refused
    }

    /// Programs that run at a time.
    package static let maximumRuns = 32
    /// Programs that wait for their turn.
    package static let maximumWaiting = 256
    /// How long a failure to find walls is believed.
    private static let memoryOfFailure = Duration.seconds(5)

    package let settings: Settings
    private let machine: Machine
    private let observe: @Sendable (Event) -> Void
    private let queue = DispatchQueue(label: "orch.sandbox", attributes: .concurrent)
    private let preparing = DispatchQueue(label: "orch.sandbox.prepare")
    private let slots = RunSlots(count: maximumRuns, maximumWaiting: maximumWaiting)
    private let found = Mutex<Found?>(nil)

    private enum Found {
        case walls(any SandboxBackend)
        case nothing(SandboxError, until: ContinuousClock.Instant)
    }

    package convenience init(_ settings: Settings, observe: @escaping @Sendable (Event) -> Void = { _ in }) {
        self.init(settings, machine: Machine(), observe: observe)
    }

    init(_ settings: Settings, machine: Machine, observe: @escaping @Sendable (Event) -> Void = { _ in }) {
        self.settings = settings
        self.machine = machine
        self.observe = observe
    }

    // MARK: What there is

    /// The word for the walls in use; nil before the first look, or where there are none.
    package var backendName: String? {
        guard case .walls(let backend)? = found.withLock({ $0 }) else { return nil }
        return backend.name
    }

    /// Whether control groups hold what runs; nil before the first look.
    var isGrouped: Bool? {
        guard case .walls(let backend)? = found.withLock({ $0 }) else { return nil }
        return backend.isGrouped
    }

    /// Why nothing could run when it was looked at last; nil where something can, or nobody has looked.
    package var knownProblem: SandboxError? {
        guard case .nothing(let error, _)? = found.withLock({ $0 }) else { return nil }
        return error
    }

    /// Looks at what there is, tries it once, and removes what servers that are no more have left behind.
    package func prepare() async throws(SandboxError) {
        _ = try await onQueue(preparing) { () throws(SandboxError) in try self.backend() }
    }

    /// On the queue of preparations, which lets one look at a time.
    private func backend() throws(SandboxError) -> any SandboxBackend {
        switch found.withLock({ $0 }) {
        case .walls(let backend): return backend
        case .nothing(let error, let until) where ContinuousClock.now < until: throw error
        default: break
        }
        do throws(SandboxError) {
            let backend = try machine.backend(settings)
            found.withLock { $0 = .walls(backend) }
            return backend
        } catch {
            found.withLock { $0 = .nothing(error, until: .now.advanced(by: Self.memoryOfFailure)) }
            throw error
        }
    }

    // MARK: Running

    /// Runs a program to its end.
    ///
    /// - Parameter limits: nil: those of the settings.
    /// - Throws: ``SandboxError`` where nothing ran, or whoever asked has gone; then it has been ended.
    package func run(_ guest: Guest, limits: SandboxLimits? = nil) async throws(SandboxError) -> SandboxRun {
        do throws(SandboxError) {
            let backend: any SandboxBackend
            if case .walls(let known)? = found.withLock({ $0 }) {
                backend = known
            } else {
                backend = try await onQueue(preparing) { () throws(SandboxError) in try self.backend() }
            }
            try await slots.take()
            defer { slots.giveBack() }
            return try await run(guest, limits ?? settings.limits, backend)
        } catch {
            if error.code != .cancelled { observe(.refused) }
            throw error
        }
    }

    /// Runs a tool's program that may do without walls.
    func runWithoutWalls(_ guest: Guest, _ limits: SandboxLimits) async throws(SandboxError) -> SandboxRun {
        do throws(SandboxError) {
            let (machine, settings) = (machine, settings)
            let backend = await onQueue(preparing) { machine.plain(settings) }
            try await slots.take()
            defer { slots.giveBack() }
            return try await run(guest, limits, backend)
        } catch {
            if error.code != .cancelled { observe(.refused) }
            throw error
        }
    }

    private func run(
        _ guest: Guest, _ limits: SandboxLimits, _ backend: any SandboxBackend
    ) async throws(SandboxError) -> SandboxRun {
        let (cancelled, cancel) = try Descriptor.socketPair()
        let (watched, signal) = (cancelled.number, cancel.number)
        let result = await withTaskCancellationHandler {
            await onQueue(queue) {
                Result { () throws(SandboxError) in
                    try backend.run(guest, limits: limits, cancellation: watched)
                }
            }
        } onCancel: {
            // Open as long as this handler may be called.
            _ = csandbox_wake(signal)
        }
        cancelled.end()
        cancel.end()
        let run = try result.get()
        observe(.ended(backend.name, run.end, run.duration))
        return run
    }

    private func onQueue<Value: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable () -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }

    private func onQueue<Value: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable () throws(SandboxError) -> Value
    ) async throws(SandboxError) -> Value {
        try await onQueue(queue) { Result { () throws(SandboxError) in try body() } }.get()
    }
}
