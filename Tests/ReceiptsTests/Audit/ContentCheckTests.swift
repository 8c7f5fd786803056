import OrchCore
import OrchReceipts
import Testing

@Suite("What is stored, held against its leaf")
struct ContentCheckTests {
    let sample: TraceSample

    init() throws {
        sample = try TraceSample()
    }

    @Test("Is verified as it was written")
    func verified() {
        #expect(sample.leaf.check(sample.stored) == .verified)
    }

    /// Something that may be done to what is stored, and what is said of it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var message: String
        var change: @Sendable (inout StoredTrace) -> Void

        init(_ what: String, _ message: String, _ change: @escaping @Sendable (inout StoredTrace) -> Void) {
            testDescription = what
            self.message = message
            self.change = change
        }
    }

    static let tamperings: [Tampering] = [
        Tampering("another id", "its row in traces is another trace's") { $0.id[3] ^= 1 },
        Tampering("an opening moved", "traces.created_at was changed") { $0.createdAt[3] ^= 1 },
        Tampering("a step's id", "step 2 (intent_router): trace_steps.id is not that of the next step") {
            $0.steps[1].id[$0.steps[1].id.count - 1] ^= 8
        },
        Tampering("a step's trace", "step 2 (intent_router): trace_steps.trace_id was changed") {
            $0.steps[1].traceID[0] ^= 1
        },
        Tampering("a step's type", "step 1 (policy_snapshot): trace_steps.step_type was changed") {
            $0.steps[0].type = Array("error".utf8)
        },
        Tampering("a step's time", "step 3 (stream_end): trace_steps.created_at was changed") {
            $0.steps[2].createdAt[20] ^= 1
        },
        Tampering("a step's payload", "step 2 (intent_router): trace_steps.step_json was changed") {
            $0.steps[1].json[40] ^= 1
        },
        Tampering("the same payload in other words", "step 3 (stream_end): trace_steps.step_json was changed") {
            $0.steps[2].json = Array("{ }".utf8)
        },
        Tampering("an emptied payload", "step 1 (policy_snapshot): trace_steps.step_json was changed") {
            $0.steps[0].json = []
        },
        Tampering("bytes moved from a time to a payload", "step 3 (stream_end): trace_steps.created_at was changed") {
            $0.steps[2].createdAt += Array(#"","payload":{}"#.utf8)
        },
        Tampering("two steps exchanged", "step 1 (policy_snapshot): trace_steps.id is not that of the next step") {
            $0.steps.swapAt(0, 1)
        },
        Tampering("two steps' contents exchanged", "step 1 (policy_snapshot): trace_steps.step_type was changed") {
            $0.steps.swapAt(0, 1)
            (($0.steps[0].id), ($0.steps[1].id)) = ($0.steps[1].id, $0.steps[0].id)
        },
        Tampering("the first step gone", "step 1 (policy_snapshot): trace_steps.id is not that of the next step") {
            $0.steps.removeFirst()
        },
        Tampering("the last step gone", "2 steps are stored, and the leaf binds 3") { $0.steps.removeLast() },
        Tampering("all steps gone", "0 steps are stored, and the leaf binds 3") { $0.steps = [] },
        Tampering("a step too many", "4 steps are stored, and the leaf binds 3") { $0.steps.append($0.steps[0]) },
        Tampering("the salt gone", "its row in trace_salts is missing") { $0.salt = nil },
        Tampering("the salt cut", "trace_salts.salt was changed") { $0.salt?.removeLast() },
        Tampering("the salt emptied", "trace_salts.salt was changed") { $0.salt = [] },
        Tampering("the salt changed", "traces.metadata_json or trace_salts.salt was changed") { $0.salt?[7] ^= 1 },
        Tampering("the metadata changed", "traces.metadata_json or trace_salts.salt was changed") {
            $0.metadata[12] ^= 1
        },
        Tampering("the metadata emptied", "traces.metadata_json or trace_salts.salt was changed") { $0.metadata = [] },
        Tampering("said to be erased, and not", "traces.metadata_json or trace_salts.salt was changed") {
            $0.metadata = Retirement.erased.metadata(status: "ok", closedAt: "2023-11-14T22:13:21.623456Z")
        },
        Tampering("erased but for the salt", "0 steps are stored, and the leaf binds 3") {
            $0.metadata = Retirement.erased.metadata(status: "ok", closedAt: "2023-11-14T22:13:21.623456Z")
            $0.steps = []
        },
        Tampering("erased but for a step", "1 steps are stored, and the leaf binds 3") {
            $0.metadata = Retirement.expired.metadata(status: "ok", closedAt: "2023-11-14T22:13:21.623456Z")
            $0.steps.removeLast(2)
            $0.salt = nil
        },
        Tampering("erased with another status", "0 steps are stored, and the leaf binds 3") {
            $0.metadata = Retirement.erased.metadata(status: "failed", closedAt: "2023-11-14T22:13:21.623456Z")
            $0.steps = []
            $0.salt = nil
        },
        Tampering("erased with another end", "0 steps are stored, and the leaf binds 3") {
            $0.metadata = Retirement.erased.metadata(status: "ok", closedAt: "2023-11-14T22:13:22.000000Z")
            $0.steps = []
            $0.salt = nil
        },
        Tampering("deleted without a word", "0 steps are stored, and the leaf binds 3") {
            $0.steps = []
            $0.salt = nil
        },
    ]

    @Test("Is told where it was changed", arguments: tamperings)
    func tampered(_ tampering: Tampering) {
        var stored = sample.stored
        tampering.change(&stored)
        #expect(sample.leaf.check(stored) == .mismatch(tampering.message))
    }

    @Test("Is told where its row is gone, or another trace's stands there")
    func rows() throws {
        #expect(sample.leaf.check(nil) == .mismatch("its row in traces is missing"))
        var other = TraceSample.trace
        other = Trace(
            id: TraceID(at: TraceSample.opened, random: (3, 4)), createdAt: other.createdAt, metadata: other.metadata,
            steps: other.steps)
        #expect(
            sample.leaf.check(try TraceSample(trace: other).stored) == .mismatch("its row in traces is another trace's")
        )
    }

    @Test("Is told for every bit of every column")
    func everyBit() {
        let columns: [WritableKeyPath<StoredTrace, [UInt8]>] = [
            \.id, \.createdAt, \.metadata, \.steps[0].id, \.steps[0].traceID, \.steps[0].type, \.steps[0].createdAt,
            \.steps[0].json, \.steps[1].json, \.steps[2].json,
        ]
        var accepted: [String] = []
        for (number, column) in columns.enumerated() {
            for bit in 0..<sample.stored[keyPath: column].count * 8 {
                var stored = sample.stored
                stored[keyPath: column][bit / 8] ^= 1 << UInt8(bit % 8)
                guard case .mismatch = sample.leaf.check(stored) else {
                    accepted.append("bit \(bit) of column \(number)")
                    continue
                }
            }
        }
        #expect(accepted.isEmpty, "\(accepted)")
    }

    @Test("Is retired where all contents are gone and the metadata says why", arguments: Retirement.allCases)
    func retired(_ retirement: Retirement) {
        #expect(sample.leaf.check(sample.retired(retirement)) == .retired(retirement))
        #expect(
            String(decoding: sample.retired(retirement).metadata, as: UTF8.self)
                == #"{"closed_at":"2023-11-14T22:13:21.623456Z","retired":"\#(retirement.rawValue)","status":"ok"}"#)
    }

    @Test("Is told of a trace whose leaf does not bind the metadata")
    func unbound() {
        var leaf = sample.leaf
        leaf.commitments.removeAll { $0.name == "metadata" }
        #expect(leaf.check(sample.stored) == .mismatch("the leaf does not bind traces.metadata_json"))
    }

    @Test("Without steps it is verified all the same")
    func noSteps() throws {
        let bare = try TraceSample(trace: Trace(id: TraceSample.id, createdAt: TraceSample.opened))
        #expect(bare.leaf.check(bare.stored) == .verified)
        #expect(bare.leaf.check(bare.retired(.erased)) == .retired(.erased))
    }
}
