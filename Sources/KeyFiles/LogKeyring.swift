package import OrchReceipts

/// Finds the key of a log: the one that its database names, in the file where it should be.
package struct LogKeyring: Sendable {
    /// The log's database, as far as its keys are concerned.
    package struct Log: Sendable {
        /// The keys of the log, the first one first.
        package var keys: @Sendable () throws -> [LogKey]
        /// Makes a key the log's first; false where it has one already.
        package var adopt: @Sendable (VerifierKey) throws -> Bool

        package init(
            keys: @escaping @Sendable () throws -> [LogKey], adopt: @escaping @Sendable (VerifierKey) throws -> Bool
        ) {
            self.keys = keys
            self.adopt = adopt
        }
    }

    package let file: SigningKeyFile
    private let log: Log
    /// The name that a new log gets.
    private let origin: String
    /// Whether somebody chose that name.
    private let isOriginChosen: Bool

    package init(file: SigningKeyFile, log: Log, origin: String, isOriginChosen: Bool) {
        self.file = file
        self.log = log
        self.origin = origin
        self.isOriginChosen = isOriginChosen
    }

    package func status() throws -> LogKeyStatus {
        LogKeyStatus(keys: try log.keys(), file: try file.read()?.verifier)
    }

    /// The log's key. A log that was never started is given a new one.
    ///
    /// - Throws: ``ReceiptError`` where the file has no key, or another log's: nothing may then be signed.
    package func key() throws -> SigningKey {
        guard let current = try log.keys().last?.key else { return try makeFirst() }
        let pending = file.pending(current)
        if let key = try pending.read(), key.verifier == current {
            // The process that made it died before it could put it in its place.
            try pending.move(to: file)
            return key
        }
        guard let key = try file.read() else {
            throw ReceiptError(
                .keyMissing,
                "the key of the log \(current.name) is not in the file of ORCH_RECEIPT_SIGNING_KEY_PATH: put it back from "
                    + "a backup, or, if it is lost for good, make another with orch audit key --create")
        }
        guard key.verifier == current else {
            throw ReceiptError(
                .keyDiffers,
                "the file of ORCH_RECEIPT_SIGNING_KEY_PATH holds \(key.verifier.shortName), and the log is signed by "
                    + "\(current.shortName): give this database a file of its own, or put the right key back")
        }
        guard !isOriginChosen || origin == current.name else {
            throw ReceiptError(
                .keyDiffers,
                "the log is called \(current.name), and ORCH_LOG_ORIGIN says \(origin): a log keeps its name; unset it, "
                    + "or begin a new log with another database and key")
        }
        return key
    }

    private func makeFirst() throws -> SigningKey {
        if let other = try file.read() {
            throw ReceiptError(
                .keyDiffers,
                "the file of ORCH_RECEIPT_SIGNING_KEY_PATH holds \(other.verifier.shortName), which signs a log that is "
                    + "not in this database: put that database back, or move the key away to begin a new log")
        }
        guard KeyName.isValid(origin) else {
            throw ReceiptError(.unavailable, "ORCH_LOG_ORIGIN is no name for a log: it must be without spaces and +")
        }
        let key = SigningKey(generatingFor: origin)
        let pending = file.pending(key.verifier)
        try pending.write(key)
        guard try log.adopt(key.verifier) else {
            // Another process was faster.
            pending.remove()
            return try self.key()
        }
        try pending.move(to: file)
        return key
    }
}
