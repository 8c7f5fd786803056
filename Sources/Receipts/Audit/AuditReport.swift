/// What a check of the whole log found.
package struct AuditReport: Sendable {
    /// One thing that is wrong.
    package struct Finding: Sendable, Equatable {
        /// What it is about. A closed set.
        package enum Part: String, Sendable, CaseIterable {
            /// The database as a file.
            case database
            /// The signing key.
            case key
            /// A checkpoint, or what it signs.
            case checkpoint
            /// A tile of hashes.
            case tile
            /// A leaf of the log.
            case leaf
            /// What is stored of a trace.
            case trace
        }

        package var part: Part
        /// The leaf's place in the log, where the finding is about one.
        package var leafIndex: Int?
        /// The trace's identity as it is stored, where the finding is about one.
        package var traceID: String?
        package var message: String

        package init(_ part: Part, leafIndex: Int? = nil, traceID: String? = nil, _ message: String) {
            self.part = part
            self.leafIndex = leafIndex
            self.traceID = traceID
            self.message = message
        }
    }

    /// What the log was held against.
    package enum Anchor: Sendable, Equatable {
        /// Nothing from outside: who owns the machine could have rolled the log back, or signed another one.
        case none
        /// A checkpoint from outside, of this size; the log goes on from it.
        case extends(Int)
        /// A checkpoint from outside, which the log does not go on from.
        case contradicts(Int)
    }

    /// Findings that are kept; more are counted.
    package static let maximumFindings = 100

    package var treeSize = 0
    /// Leaves whose contents are as bound.
    package var verified = 0
    /// Leaves whose contents were deleted on purpose.
    package var retired = 0
    /// Traces that are under way, or were when the process died.
    package var open = 0
    package private(set) var findings: [Finding] = []
    package private(set) var findingCount = 0
    package var anchor = Anchor.none
    /// The newest checkpoint, if it reads and is signed by the log's key.
    package var checkpoint: SignedCheckpoint?

    package init() {}

    package var isConsistent: Bool { findingCount == 0 }

    package mutating func add(_ finding: Finding) {
        findingCount += 1
        if findings.count < Self.maximumFindings { findings.append(finding) }
    }

    /// Adds what another part of the check found.
    package mutating func add(_ findings: [Finding]) {
        for finding in findings { add(finding) }
    }
}
