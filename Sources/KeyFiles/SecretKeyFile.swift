package import OrchCore

/// A file of 32 random bytes in hexadecimal digits, drawn when they are first needed: the local key, under which stored
/// payloads are sealed.
package struct SecretKeyFile: Sendable {
    private static let byteCount = 32

    private let file: PrivateFile

    /// - Parameter setting: The setting that says where the file is.
    package init(_ path: String, setting: String = "ORCH_SECRET_KEY_PATH") {
        file = PrivateFile(path: path, setting: setting)
    }

    /// The key, drawn now where there is none yet. Of several processes that draw one at once, all get the same.
    ///
    /// - Throws: ``KeyFileError`` where others may read the file, or it holds no key.
    package func key() throws(KeyFileError) -> Redacted<[UInt8]> {
        if let key = try read() { return key }
        let drawn = RandomBytes.draw(Self.byteCount)
        let pending = PrivateFile(
            path: "\(file.path).\(Hexadecimal.encode(RandomBytes.draw(8)))", setting: file.setting)
        try pending.write(Hexadecimal.encode(drawn) + "\n")
        defer { pending.remove() }
        if try pending.link(as: file) { return Redacted(drawn) }
        guard let key = try read() else {
            throw KeyFileError("the file of \(file.setting) was there, and is gone again")
        }
        return key
    }

    private func read() throws(KeyFileError) -> Redacted<[UInt8]>? {
        guard let text = try file.read() else { return nil }
        let line = text.split(separator: "\n").first ?? ""
        guard let bytes = Hexadecimal.decode(line), bytes.count == Self.byteCount else {
            throw KeyFileError(
                "the file of \(file.setting) holds no key: it must be \(Self.byteCount * 2) hexadecimal digits; put it "
                    + "back from a backup, or move it away, and what was stored under it is lost")
        }
        return Redacted(bytes)
    }
}
