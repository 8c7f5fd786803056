import OrchCore
package import OrchReceipts

/// The file of a log's private key: one line.
package struct SigningKeyFile: Sendable {
    private static let setting = "ORCH_RECEIPT_SIGNING_KEY_PATH"

    private let file: PrivateFile
    package var path: String { file.path }

    package init(_ path: String) {
        file = PrivateFile(path: path, setting: Self.setting)
    }

    /// The key in the file; nil where there is no file.
    ///
    /// - Throws: ``KeyFileError`` where others may read the file, or it holds no key.
    package func read() throws(KeyFileError) -> SigningKey? {
        guard let text = try file.read() else { return nil }
        guard let line = text.split(separator: "\n", omittingEmptySubsequences: true).first else {
            throw KeyFileError("the file of \(Self.setting) is empty: put the key back from a backup")
        }
        do { return try SigningKey(parsing: String(line)) } catch {
            throw KeyFileError("the file of \(Self.setting) holds no key: \(error.message)")
        }
    }

    /// A file beside it, for a key that is not the log's yet.
    package func pending(_ key: VerifierKey) -> SigningKeyFile {
        SigningKeyFile("\(path).\(key.shortName.suffix(8))")
    }

    /// Writes a key to the disk. What is there already is not overwritten.
    package func write(_ key: SigningKey) throws(KeyFileError) {
        try file.write(key.text.exposed + "\n")
    }

    /// Puts this file in the place of another, at once.
    package func move(to other: SigningKeyFile) throws(KeyFileError) { try file.move(to: other.file) }

    /// Removes the file, if it is there.
    package func remove() { file.remove() }
}
