package import OrchCore

/// A row of the cache, as it is stored.
package struct StoredIntent: Sendable, Equatable {
    /// Bytes of a policy's hash in UTF-8. What has a longer one is not cached.
    package static let maximumPolicyHashBytes = 128

    package let policyHash: String
    package let signature: IntentSignature
    package let intent: CachedIntent
    package let createdAt: Timestamp
    /// The first moment at which it does not hold any more.
    package var expiresAt: Timestamp

    package init(
        policyHash: String, signature: IntentSignature, intent: CachedIntent, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.policyHash = policyHash
        self.signature = signature
        self.intent = intent
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// Where the cache survives a restart. Nothing of it is in a request's way.
package protocol IntentCacheStore: Sendable {
    /// The rows that hold at a moment, no more than a limit of them, and those that hold longest first. Rows that
    /// cannot be read are left out, and removed.
    func load(at now: Timestamp, limit: Int) async throws(IntentCacheError) -> [StoredIntent]

    /// Keeps all of the rows or none, in the place of those with the same hash and signature.
    func save(_ rows: [StoredIntent]) async throws(IntentCacheError)

    /// Removes the rows that do not hold any more, and of the others, where there are too many, those that end first.
    ///
    /// - Returns: How many went.
    func prune(at now: Timestamp, maximumRows: Int) async throws(IntentCacheError) -> Int
}
