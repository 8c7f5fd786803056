import OrchCore
import OrchReceipts

/// A finished trace as it goes to the log, and as it is stored.
struct TraceSample {
    static let opened = Timestamp(microseconds: 1_700_000_000_123_456)
    static let closed = opened.advanced(by: .milliseconds(1500))
    static let id = TraceID(at: opened, random: (1, 2))
    static let salt = TraceSalt(Array(0..<32))
    static let policyHash = String(repeating: "ab", count: 32)
    static let request = Array(#"{"model":"auto"}"#.utf8)
    static let answer = Array("Good day, Zoë. \u{1F600}".utf8)

    static let trace = Trace(
        id: id, createdAt: opened, metadata: ["route": "chat", "caller": "é", "nested": ["z": 1, "b": 1.50]],
        steps: [
            Step(.policySnapshot, at: opened, ["version": "1.2", "tool_policy": .string(policyHash)]),
            Step(
                .intentRouter, at: opened.advanced(by: .microseconds(1)),
                // Keys in an order of their own, numbers whose texts RFC 8785 lays out, escapes.
                [
                    "\u{FB33}": 1, "\u{1F600}": 2, "\u{20AC}": 3, "a\"b\\": "\u{7}\n\u{7F}\u{2028}", "score": 1e21,
                    "small": 1e-7, "list": [nil, true, false, 0.1, -0.0, 333333333.33333329, -3], "empty": [:],
                ]),
            Step(.streamEnd, at: closed, [:]),
        ])

    var entry: ReceiptEntry
    var stored: StoredTrace
    var leaf: Leaf

    init(trace: Trace = trace, status: TraceStatus = .ok) throws {
        let salt = Self.salt ?? .generate()
        entry = ReceiptEntry(
            .whole, trace: trace, status: status, at: Self.closed, salt: salt,
            contents: [salt.commitment(.request, to: Self.request), salt.commitment(.answer, to: Self.answer)])
        stored = StoredTrace(
            id: Array(entry.traceID.utf8), createdAt: Array(entry.createdAt.utf8), metadata: entry.metadata,
            steps: [], salt: salt.bytes)
        for step in entry.steps {
            stored.steps.append(
                StoredTrace.Step(
                    id: Array(step.id.utf8), traceID: stored.id, type: Array(step.type.utf8),
                    createdAt: Array(step.createdAt.utf8), json: step.json))
        }
        leaf = try Leaf(parsing: entry.leaf?.bytes ?? [])
    }

    /// What is left of it after its contents were deleted.
    func retired(_ retirement: Retirement) -> StoredTrace {
        var rest = stored
        rest.metadata = retirement.metadata(status: leaf.status, closedAt: leaf.closedAt)
        rest.steps = []
        rest.salt = nil
        return rest
    }
}
