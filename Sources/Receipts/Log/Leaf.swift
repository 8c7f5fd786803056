import OrchCore

/// What the log binds of a finished trace.
///
/// Its bytes are the canonical JSON (RFC 8785) of `{v, trace_id, opened_at, closed_at, status, pins, steps: [{type, at,
/// sha256}], commitments}`, hashes in lower-case base 16.
package struct Leaf: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package var type: String
        package var at: String
        package var hash: MerkleHash

        package init(type: String, at: String, hash: MerkleHash) {
            self.type = type
            self.at = at
            self.hash = hash
        }
    }

    package static let version = 1
    /// What an entry of a tile of leaves can hold (C2SP tlog-tiles counts it in 16 bits).
    package static let maximumBytes = 65_535

    package var traceID: String
    package var openedAt: String
    package var closedAt: String
    package var status: String
    /// The payload of the trace's `policy_snapshot`, as canonical JSON: hashes of what decided.
    package var pins: [UInt8]
    package var steps: [Step]
    /// Hashes of contents by their names, in the names' order.
    package var commitments: [(name: String, hash: MerkleHash)]

    /// The leaf's bytes.
    package var canonical: [UInt8] {
        Self.encode(
            traceID: traceID, openedAt: openedAt, closedAt: closedAt, status: status, pins: pins[...],
            commitments: commitments,
            steps: steps.lazy.map { ($0.type, $0.at, $0.hash) })
    }

    /// A leaf's bytes from its parts.
    ///
    /// - Parameter steps: Type, moment and hash of each.
    static func encode(
        traceID: String, openedAt: String, closedAt: String, status: String, pins: ArraySlice<UInt8>,
        commitments: some Collection<(name: String, hash: MerkleHash)>,
        steps: some Collection<(type: String, at: String, hash: MerkleHash)>
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 + pins.count + 144 * steps.count)
        writer.beginObject()
        writer.member("closed_at", closedAt)
        writer.key("commitments")
        writer.beginObject()
        for commitment in commitments {
            writer.key(commitment.name)
            commitment.hash.withUnsafeBytes { writer.hexadecimal($0) }
        }
        writer.endObject()
        writer.member("opened_at", openedAt)
        writer.key("pins")
        writer.raw(pins)
        writer.member("status", status)
        writer.key("steps")
        writer.beginArray()
        for step in steps {
            writer.beginObject()
            writer.member("at", step.at)
            writer.key("sha256")
            step.hash.withUnsafeBytes { writer.hexadecimal($0) }
            writer.member("type", step.type)
            writer.endObject()
        }
        writer.endArray()
        writer.member("trace_id", traceID)
        writer.member("v", version)
        writer.endObject()
        return writer.bytes
    }

    package static func == (one: Leaf, other: Leaf) -> Bool { one.canonical == other.canonical }
}

extension Leaf {
    /// Reads a leaf's bytes.
    ///
    /// - Throws: ``ReceiptError`` where they are not the canonical form of a leaf of this version.
    package init(parsing bytes: [UInt8]) throws(ReceiptError) {
        guard bytes.count <= Self.maximumBytes, let root = try? JSONDocument(parsing: bytes).root,
            let version = root["v"]?.int
        else { throw .leaf }
        guard version == Self.version else {
            throw ReceiptError(
                .unreadable, "a leaf of version \(version) was made by a newer version of this program")
        }
        try self.init(root)
        guard canonical == bytes else { throw .leaf }
    }

    private init(_ root: JSONNode) throws(ReceiptError) {
        guard let traceID = root["trace_id"]?.string, let openedAt = root["opened_at"]?.string,
            let closedAt = root["closed_at"]?.string, let status = root["status"]?.string, let pins = root["pins"],
            pins.kind == .object, let steps = root["steps"], steps.kind == .array,
            let commitments = root["commitments"], commitments.kind == .object,
            pins.value.canonical.elementsEqual(pins.slice)
        else { throw .leaf }
        self.init(
            traceID: traceID, openedAt: openedAt, closedAt: closedAt, status: status, pins: Array(pins.slice),
            steps: [], commitments: [])
        for step in steps.elements {
            guard let type = step["type"]?.string, let at = step["at"]?.string,
                let hash = step["sha256"]?.string.flatMap({ MerkleHash(hexadecimal: $0) })
            else { throw .leaf }
            self.steps.append(Step(type: type, at: at, hash: hash))
        }
        for member in commitments.members {
            guard let hash = member.value.string.flatMap({ MerkleHash(hexadecimal: $0) }) else { throw .leaf }
            if let last = self.commitments.last?.name, last >= member.key { throw .leaf }
            self.commitments.append((member.key, hash))
        }
    }
}

extension ReceiptError {
    fileprivate static let leaf = ReceiptError(.unreadable, "a leaf of the log is not in its format")
}

extension MerkleHash {
    private static let stepStart = Array("{\"created_at\":\"".utf8)
    private static let stepPayload = Array("\",\"payload\":".utf8)
    private static let stepType = Array(",\"step_type\":\"".utf8)
    private static let stepEnd = Array("\"}".utf8)

    /// A step's hash: SHA-256 of the canonical JSON of `{created_at, payload, step_type}`.
    ///
    /// - Parameter payload: Canonical JSON already. The two texts hold nothing that JSON escapes.
    package static func step(
        type: some Collection<UInt8>, createdAt: some Collection<UInt8>, payload: some Collection<UInt8>
    ) -> MerkleHash {
        var preimage: [UInt8] = []
        preimage.reserveCapacity(64 + type.count + createdAt.count + payload.count)
        preimage.append(contentsOf: stepStart)
        preimage.append(contentsOf: createdAt)
        preimage.append(contentsOf: stepPayload)
        preimage.append(contentsOf: payload)
        preimage.append(contentsOf: stepType)
        preimage.append(contentsOf: type)
        preimage.append(contentsOf: stepEnd)
        return .sha256(preimage)
    }
}
