import Crypto
import OrchCore

/// A value read from a file, with the hash of the bytes that it was read from.
package struct Loaded<Value: Sendable>: Sendable {
    package let value: Value
    /// SHA-256 of the file's bytes in lower-case hexadecimal; of no bytes where there was no file.
    package let policyHash: String

    package init(_ value: Value, policyHash: String) {
        self.value = value
        self.policyHash = policyHash
    }
}

enum ContentHash {
    static func hexadecimal(of bytes: [UInt8]) -> String {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return Hexadecimal.encode(hasher.finalize())
    }
}
