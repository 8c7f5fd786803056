import OrchCore
package import OrchReceipts
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file of a log's private key: one line, mode 0600.
package struct SigningKeyFile: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The key in the file; nil where there is no file.
    ///
    /// - Throws: ``KeyFileError`` where others may read the file, or it holds no key.
    package func read() throws(KeyFileError) -> SigningKey? {
        let text: String
        do {
            let file: FileDescriptor
            do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) } catch Errno
                .noSuchFileOrDirectory
            { return nil }
            text = try file.closeAfter {
                var status = stat()
                guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
                guard status.st_mode & 0o077 == 0 else { throw KeyFileError.readableByOthers }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
        } catch let error as KeyFileError {
            throw error
        } catch {
            throw KeyFileError("the file of ORCH_RECEIPT_SIGNING_KEY_PATH cannot be read: \(error)")
        }
        guard let line = text.split(separator: "\n", omittingEmptySubsequences: true).first else {
            throw KeyFileError("the file of ORCH_RECEIPT_SIGNING_KEY_PATH is empty: put the key back from a backup")
        }
        do { return try SigningKey(parsing: String(line)) } catch {
            throw KeyFileError("the file of ORCH_RECEIPT_SIGNING_KEY_PATH holds no key: \(error.message)")
        }
    }

    /// A file beside it, for a key that is not the log's yet.
    package func pending(_ key: VerifierKey) -> SigningKeyFile {
        SigningKeyFile("\(path).\(key.shortName.suffix(8))")
    }

    /// Writes a key to the disk. What is there already is not overwritten.
    package func write(_ key: SigningKey) throws(KeyFileError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.closeAfter {
                try file.writeAll((key.text.exposed + "\n").utf8)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            try syncFolder()
        } catch {
            throw KeyFileError("the signing key cannot be written beside ORCH_RECEIPT_SIGNING_KEY_PATH: \(error)")
        }
    }

    /// Puts this file in the place of another, at once.
    package func move(to other: SigningKeyFile) throws(KeyFileError) {
        do {
            guard rename(path, other.path) == 0 else { throw Errno(rawValue: errno) }
            try other.syncFolder()
        } catch {
            throw KeyFileError("the signing key cannot be put in its place: \(error)")
        }
    }

    /// Removes the file, if it is there.
    package func remove() {
        unlink(path)
    }

    private func syncFolder() throws {
        let folder = FilePath(path).removingLastComponent()
        let descriptor = try FileDescriptor.open(
            folder.isEmpty ? "." : folder, .readOnly, options: [.directory, .closeOnExec])
        try descriptor.closeAfter {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
