package import OrchCore

/// One stored step, as operators may see it.
package struct TrustEvent: Sendable, Equatable {
    package let traceID: String
    package let stepID: String
    package let stepType: String
    package let createdAt: String
    /// What is shown of the payload; nil where what is stored is no JSON object.
    package let payload: JSONObject?
    /// The step's hash, of what is stored and not of what is shown.
    package let hash: MerkleHash
    /// How many values are not shown, or not whole.
    package let redactions: Int
    /// Of the payload as it is stored.
    package let storedBytes: Int
    /// Of the payload as it is shown; 0 where there is none.
    package let shownBytes: Int

    package init(_ step: StoredTrace.Step, redactor: PayloadRedactor) {
        traceID = String(decoding: step.traceID, as: UTF8.self)
        stepID = String(decoding: step.id, as: UTF8.self)
        stepType = String(decoding: step.type, as: UTF8.self)
        createdAt = String(decoding: step.createdAt, as: UTF8.self)
        hash = step.hash
        storedBytes = step.json.count
        let stored = try? JSONValue(parsing: step.json).objectValue
        // What decided is pinned by hashes.
        let showsHashes = stepType == StepType.policySnapshot.rawValue
        let shown = stored.map { redactor.redact($0, showsHashes: showsHashes) }
        payload = shown?.shown
        redactions = shown?.redactions ?? 0
        shownBytes = shown.map { JSONValue.object($0.shown).serialized.count } ?? 0
    }
}
