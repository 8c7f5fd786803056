import Dispatch
import GRDB
import OrchApprovals
import Synchronization

/// Writes one after the other, on a thread that no task waits on. A write is not cancelled: what has begun is to be told
/// how it ended, though its caller has gone.
///
/// Where the database takes none, those that wait are refused when their time is over, and no more than some wait.
final class ReviewWriter: Sendable {
    enum Urgency: Sendable {
        /// Refused where it would wait too long: nothing has happened yet.
        case normal
        /// How a run ended: before all others, and however long it takes.
        case mustNotBeLost
    }

    private struct Waiting: Sendable {
        let since: ContinuousClock.Instant
        /// Takes what is wrong; nil: it runs.
        let proceed: @Sendable (ApprovalError?) -> Void
    }

    private struct State {
        var normal: [Waiting] = []
        var urgent: [Waiting] = []
        var isWriting = false

        mutating func next() -> Waiting? {
            if !urgent.isEmpty { return urgent.removeFirst() }
            if !normal.isEmpty { return normal.removeFirst() }
            isWriting = false
            return nil
        }
    }

    static let maximumWaiting = 1024
    static let patience = Duration.seconds(5)

    private let queue = DispatchQueue(label: "orch.reviews.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameter now: Asked once when a write begins to wait, and once when its turn comes.
    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
    }

    func write<Value: Sendable>(
        _ pool: DatabasePool, _ urgency: Urgency, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ApprovalError) -> Value {
        let result: Result<Value, ApprovalError> = await withCheckedContinuation { continuation in
            enqueue(
                urgency,
                Waiting(since: now()) { refusal in
                    continuation.resume(
                        returning: Result { () throws(ApprovalError) in
                            if let refusal { throw refusal }
                            do { return try pool.write(body) } catch {
                                throw .wrapping(error, "the database of approvals did not take the write")
                            }
                        })
                })
        }
        return try result.get()
    }

    private func enqueue(_ urgency: Urgency, _ waiting: Waiting) {
        let (isFull, mustWake) = state.withLock { state -> (Bool, Bool) in
            switch urgency {
            case .normal:
                guard state.normal.count < Self.maximumWaiting else { return (true, false) }
                state.normal.append(waiting)
            case .mustNotBeLost:
                state.urgent.append(waiting)
            }
            defer { state.isWriting = true }
            return (false, !state.isWriting)
        }
        if isFull {
            waiting.proceed(Self.busy)
        } else if mustWake {
            queue.async { self.writeAll() }
        }
    }

    private func writeAll() {
        while let (waiting, isUrgent) = state.withLock({ state in
            let isUrgent = !state.urgent.isEmpty
            return state.next().map { ($0, isUrgent) }
        }) {
            let isLate = !isUrgent && waiting.since.duration(to: now()) > Self.patience
            waiting.proceed(isLate ? Self.busy : nil)
        }
    }

    private static let busy = ApprovalError(
        .unavailable, "too many writes wait for the database of approvals; try again shortly")
}

extension ApprovalError {
    static func wrapping(_ error: any Error, _ message: String) -> ApprovalError {
        error as? ApprovalError ?? ApprovalError(.unavailable, message, cause: error)
    }
}
