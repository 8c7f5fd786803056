import OrchCore

/// A trace byte for byte as it is stored: what is checked is this, not what was understood of it.
package struct StoredTrace: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package var id: [UInt8]
        package var traceID: [UInt8]
        package var type: [UInt8]
        package var createdAt: [UInt8]
        package var json: [UInt8]

        package init(id: [UInt8], traceID: [UInt8], type: [UInt8], createdAt: [UInt8], json: [UInt8]) {
            self.id = id
            self.traceID = traceID
            self.type = type
            self.createdAt = createdAt
            self.json = json
        }

        package var hash: MerkleHash { .step(type: type, createdAt: createdAt, payload: json) }
    }

    package var id: [UInt8]
    package var createdAt: [UInt8]
    package var metadata: [UInt8]
    /// In the order of their keys.
    package var steps: [Step]
    /// nil where it was deleted.
    package var salt: [UInt8]?
    /// Where its leaf is said to be; nil while it is under way.
    package var leafIndex: Int?

    package init(
        id: [UInt8], createdAt: [UInt8], metadata: [UInt8], steps: [Step], salt: [UInt8]?, leafIndex: Int? = nil
    ) {
        self.leafIndex = leafIndex
        self.id = id
        self.createdAt = createdAt
        self.metadata = metadata
        self.steps = steps
        self.salt = salt
    }

    /// What is stored, understood.
    ///
    /// - Throws: ``ReceiptError`` where it is not in its format.
    package func decoded() throws(ReceiptError) -> Trace {
        guard let id = TraceID(String(decoding: id, as: UTF8.self)),
            let createdAt = Timestamp(String(decoding: createdAt, as: UTF8.self)),
            let metadata = try? JSONValue(parsing: metadata).objectValue
        else { throw ReceiptError(.unreadable, "a stored trace does not read back") }
        var trace = Trace(id: id, createdAt: createdAt, metadata: metadata)
        for step in steps {
            guard let type = StepType(rawValue: String(decoding: step.type, as: UTF8.self)),
                let createdAt = Timestamp(String(decoding: step.createdAt, as: UTF8.self)),
                let payload = try? JSONValue(parsing: step.json).objectValue
            else { throw ReceiptError(.unreadable, "a stored step does not read back") }
            trace.steps.append(OrchReceipts.Step(type, at: createdAt, payload))
        }
        return trace
    }
}

/// Why the contents of a trace are gone, as its metadata says it.
package enum Retirement: String, Sendable, CaseIterable {
    /// An operator erased it.
    case erased
    /// It was older, or took more room, than the settings allow.
    case expired

    /// The metadata that a retired trace keeps: nothing but what its leaf says, too.
    package func metadata(status: String, closedAt: String) -> [UInt8] {
        (["closed_at": .string(closedAt), "retired": .string(rawValue), "status": .string(status)] as JSONObject)
            .canonical
    }
}
