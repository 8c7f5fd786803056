package import OrchCore
import Synchronization

/// Remembers which intent a text had, so that a decision is stable and needs no embedding.
///
/// It answers from memory alone. What is new waits to be written to an ``IntentCacheStore`` by whoever takes it; what
/// cannot be written is still remembered.
package final class IntentCache: Sendable {
    /// Rows that are looked at under one lock when expired ones are removed.
    private static let pruneStep = 512

    private struct State {
        var rows: IntentCacheRows
        var unsaved: [StoredIntent] = []
    }

    private let lifetime: Duration
    private let maximumRows: Int
    private let maximumUnsaved: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - lifetime: How long a decision holds, from when it was made.
    ///   - maximumRows: Beyond it, what was asked for least recently goes.
    ///   - maximumUnsaved: Rows that may wait to be written; more are remembered, but not written.
    package init(lifetime: Duration, maximumRows: Int = 10_000, maximumUnsaved: Int = 1024) {
        precondition(maximumRows > 0 && maximumRows < Int32.max && maximumUnsaved >= 0)
        self.lifetime = lifetime
        self.maximumRows = maximumRows
        self.maximumUnsaved = maximumUnsaved
        state = Mutex(State(rows: IntentCacheRows(capacity: maximumRows)))
    }

    /// Rows in memory, those among them that do not hold any more.
    package var count: Int { state.withLock { $0.rows.count } }

    /// The decision on a text under a policy, if there is one that holds.
    package func lookup(policyHash: String, signature: IntentSignature, at now: Timestamp) -> CachedIntent? {
        let key = IntentCacheRows.Key(policyHash: policyHash, signature: signature)
        let latestEnd = now.advanced(by: lifetime)
        return state.withLock { $0.rows.use(key, at: now, latestEnd: latestEnd) }
    }

    /// Remembers a decision, in the place of an earlier one. What could not be stored is not remembered either.
    package func insert(
        _ intent: CachedIntent, policyHash: String, signature: IntentSignature, at now: Timestamp
    ) {
        guard intent.isCacheable, (1...StoredIntent.maximumPolicyHashBytes).contains(policyHash.utf8.count) else {
            return
        }
        let row = StoredIntent(
            policyHash: policyHash, signature: signature, intent: intent, createdAt: now,
            expiresAt: now.advanced(by: lifetime))
        state.withLock { state in
            state.rows.insert(row)
            if state.unsaved.count < maximumUnsaved { state.unsaved.append(row) }
        }
    }

    /// Takes over what was stored, the first rows before the later ones, as far as there is room. What is here already
    /// stays as it is, and none of it goes for what comes. No row holds longer than it would if it were made now.
    package func restore(_ rows: [StoredIntent], at now: Timestamp) {
        let latestEnd = now.advanced(by: lifetime)
        for var row in rows where row.expiresAt > now && row.intent.isCacheable {
            row.expiresAt = min(row.expiresAt, latestEnd)
            guard state.withLock({ $0.rows.appendAsOldest(row) }) else { return }
        }
    }

    /// Takes what waits to be written, the earliest first. It does not wait any more then.
    package func takeUnsaved(limit: Int) -> [StoredIntent] {
        state.withLock { state in
            let taken = Array(state.unsaved.prefix(limit))
            state.unsaved.removeFirst(taken.count)
            return taken
        }
    }

    /// Lets rows that were taken, but could not be written, wait again, as far as there is room.
    package func putBack(_ rows: [StoredIntent]) {
        state.withLock { state in
            let room = max(0, maximumUnsaved - state.unsaved.count)
            state.unsaved.insert(contentsOf: rows.suffix(room), at: 0)
        }
    }

    /// Removes the rows that do not hold any more, with pauses in which others have their turn.
    ///
    /// - Returns: How many went.
    package func prune(at now: Timestamp) -> Int {
        stride(from: 0, to: maximumRows, by: Self.pruneStep).reduce(0) { removed, place in
            removed + state.withLock { $0.rows.removeExpired(at: now, in: place..<place + Self.pruneStep) }
        }
    }

    /// The rows' order, the one that goes first at its end; for tests.
    var order: [StoredIntent] { state.withLock { $0.rows.order } }
}
