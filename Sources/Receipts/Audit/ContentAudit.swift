import OrchCore

/// Checks what is stored of traces against leaves that are known to be good.
struct ContentAudit {
    private let store: any AuditStore
    private(set) var verified = 0
    private(set) var retired = 0
    /// Traces that say that they were erased, and were not yet met in the receipt of an erasure.
    private var erased: [String: Int] = [:]
    private var erasures: Set<String> = []
    /// The latest opening among the traces that say that they expired, and where its leaf is.
    private var lastExpired: (openedAt: String, index: Int, traceID: String)?
    /// The latest moment that a receipt of retention names.
    private var retiredBefore = ""

    init(_ store: any AuditStore) {
        self.store = store
    }

    mutating func check(_ stored: StoredLeaf) throws -> [AuditReport.Finding] {
        let id = String(decoding: stored.traceID, as: UTF8.self)
        func finding(_ part: AuditReport.Finding.Part, _ message: String) -> [AuditReport.Finding] {
            [.init(part, leafIndex: stored.index, traceID: id, message)]
        }
        let leaf: Leaf
        do throws(ReceiptError) { leaf = try Leaf(parsing: stored.bytes) } catch {
            return finding(.leaf, "leaf \(stored.index) was signed, and is not in its format: \(error.message)")
        }
        guard stored.traceID.elementsEqual(leaf.traceID.utf8) else {
            return finding(.leaf, "leaf \(stored.index): log_leaves.trace_id was changed; it is of \(leaf.traceID)")
        }
        let trace = try store.trace(stored.traceID)
        if let place = trace?.leafIndex, place != stored.index {
            return finding(.trace, "trace \(leaf.traceID) (leaf \(stored.index)): its leaf_index was changed")
        }
        switch leaf.check(trace) {
        case .verified:
            verified += 1
            if let trace { noteAct(trace) }
        case .retired where trace?.leafIndex == nil:
            return finding(
                .trace, "trace \(leaf.traceID) (leaf \(stored.index)): its row in retired_traces is missing")
        case .retired(let retirement):
            retired += 1
            note(retirement, leaf, stored.index)
        case .mismatch(let fault):
            return finding(.trace, "trace \(leaf.traceID) (leaf \(stored.index)): \(fault)")
        }
        return []
    }

    private mutating func note(_ retirement: Retirement, _ leaf: Leaf, _ index: Int) {
        switch retirement {
        case .erased: erased[leaf.traceID] = index
        case .expired:
            if leaf.openedAt > lastExpired?.openedAt ?? "" { lastExpired = (leaf.openedAt, index, leaf.traceID) }
        }
    }

    /// Keeps in mind what the receipt of an erasure or of retention says.
    private mutating func noteAct(_ trace: StoredTrace) {
        guard LogAct.isOne(trace) else { return }
        for step in trace.steps {
            switch LogAct(step) {
            case .erase(let id): erasures.insert(id)
            case .retire(let before): retiredBefore = max(retiredBefore, before)
            case .rotate, nil: break
            }
        }
    }

    /// Contents that are gone without a receipt that says so.
    func unexplainedRetirements() -> [AuditReport.Finding] {
        var findings: [AuditReport.Finding] = []
        for (id, index) in erased.sorted(by: { $0.value < $1.value })
        where !erasures.contains(id) && !isExpired(id) {
            findings.append(
                .init(
                    .trace, leafIndex: index, traceID: id,
                    "trace \(id) (leaf \(index)): its contents are gone, and no receipt says that they were erased"))
        }
        if let lastExpired, lastExpired.openedAt >= retiredBefore {
            findings.append(
                .init(
                    .trace, leafIndex: lastExpired.index, traceID: lastExpired.traceID,
                    "trace \(lastExpired.traceID) (leaf \(lastExpired.index)): its contents are gone, and no receipt of "
                        + "retention reaches as far"))
        }
        return findings
    }

    /// The receipt of an erasure may itself have expired; it is younger than what was erased.
    private func isExpired(_ id: String) -> Bool {
        guard let opened = TraceID(id)?.milliseconds, let before = Timestamp(retiredBefore) else { return false }
        return opened < before.microseconds / 1000
    }
}
