import Synchronization

/// How a watched value tells whether it changed, and how it is read again.
package struct WatchedSource<Value: Sendable>: Sendable {
    package let fingerprint: @Sendable () -> FileFingerprint
    package let load: @Sendable () throws(PolicyFileError) -> Loaded<Value>

    package init(
        fingerprint: @escaping @Sendable () -> FileFingerprint,
        load: @escaping @Sendable () throws(PolicyFileError) -> Loaded<Value>
    ) {
        self.fingerprint = fingerprint
        self.load = load
    }
}

/// What a look at the files brought.
package enum WatchEvent: Sendable, Hashable {
    /// The new contents are in use.
    case reloaded(policyHash: String)
    /// The new contents were refused; the last good ones stay.
    case refused(PolicyFileError)
}

/// A value that follows its files: looked at every so often, swapped whole, and kept when the new contents are broken.
///
/// A file counts as changed when its size, inode or times changed. As a write may follow a read within one tick of the
/// file system's clock, every change is read once more at the next look, and only other contents count.
package final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var loaded: Loaded<Value>
        var problem: PolicyFileError?
        /// nil until the first look.
        var fingerprint: FileFingerprint?
        /// Whether the contents were read again after the fingerprint had settled.
        var isConfirmed = false

        /// Keeps what was read, or what was wrong with it; says what is new about that.
        mutating func take(
            _ result: Result<Loaded<Value>, PolicyFileError>, at seen: FileFingerprint
        ) -> WatchEvent? {
            let isSecondReading = fingerprint == nil || fingerprint == seen
            isConfirmed = fingerprint == seen
            fingerprint = seen
            switch result {
            case .success(let new):
                guard new.policyHash != loaded.policyHash || problem != nil else { return nil }
                loaded = new
                problem = nil
                return .reloaded(policyHash: new.policyHash)
            case .failure(let error):
                // What the reading before has told already is not told again.
                let isKnown = isSecondReading && problem?.code == error.code
                problem = error
                return isKnown ? nil : .refused(error)
            }
        }
    }

    private let state: Mutex<State>
    private let loads = Atomic<Int>(0)
    private let source: WatchedSource<Value>
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let onEvent: @Sendable (WatchEvent) -> Void

    /// Starts from a value that was just loaded, and from what was wrong then. Calls `onEvent` outside any lock.
    package init(
        _ loaded: Loaded<Value>, problem: PolicyFileError? = nil, source: WatchedSource<Value>,
        every interval: Duration, clock: any Clock<Duration>, onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) {
        state = Mutex(State(loaded: loaded, problem: problem))
        self.source = source
        self.interval = interval
        self.clock = clock
        self.onEvent = onEvent
    }

    /// The last good value with its hash, taken together.
    package var current: Loaded<Value> { state.withLock { $0.loaded } }

    /// How often ``current`` has changed: whoever makes something of it need not make it again while this stays.
    package var generation: Int { loads.load(ordering: .acquiring) }

    /// Why the files as they are now are not in use; nil when they are.
    package var problem: PolicyFileError? { state.withLock { $0.problem } }

    /// Looks at the files every interval until the task is cancelled.
    package func run() async {
        while true {
            do {
                try await clock.sleep(for: interval)
            } catch {
                return
            }
            poll()
        }
    }

    /// Looks at the files once. Reads them on the calling thread when they changed.
    package func poll() {
        // Taken before reading, so that a change in between is found at the next look.
        let fingerprint = source.fingerprint()
        guard state.withLock({ $0.fingerprint != fingerprint || !$0.isConfirmed }) else { return }
        let result: Result<Loaded<Value>, PolicyFileError>
        do throws(PolicyFileError) {
            result = .success(try source.load())
        } catch {
            result = .failure(error)
        }
        guard let event = state.withLock({ $0.take(result, at: fingerprint) }) else { return }
        if case .reloaded = event { loads.wrappingAdd(1, ordering: .releasing) }
        onEvent(event)
    }
}
