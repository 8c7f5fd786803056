import OrchCore
import OrchReceipts
import SystemPackage

/// Files that auditors hand in.
enum AuditFile {
    /// Of an answer, or of a content.
    static let maximumBytes = 67_108_864
    private static let maximumKeyBytes = 4096

    /// The whole of a regular file.
    ///
    /// - Parameter name: What the file is, for messages.
    static func contents(of path: String, _ name: String, maximumBytes: Int = maximumBytes) throws -> [UInt8] {
        do {
            return try BoundedFile.contents(of: FilePath(path), maximumBytes: maximumBytes)
        } catch is Errno {
            throw CommandFailure(.notFound, "\(name) cannot be read: it is not there, or not for you")
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "\(name): \(failure.message)")
        }
    }

    /// The verifier key of an option: its text, or `@` and the file that holds it.
    static func key(_ argument: String) throws -> VerifierKey {
        guard argument.hasPrefix("@") else { return try key(argument, .usage) }
        let bytes = try contents(
            of: String(argument.dropFirst()), "the file of --key", maximumBytes: maximumKeyBytes)
        return try key(String(decoding: trimmed(bytes), as: UTF8.self), .malformedData)
    }

    private static func key(_ text: String, _ status: ExitStatus) throws -> VerifierKey {
        guard !text.hasPrefix("PRIVATE+KEY+") else {
            throw CommandFailure(
                status, "--key holds a signing key, which is a secret: give the verifier key of orch audit key")
        }
        do {
            let key = try VerifierKey(parsing: text)
            guard key.algorithm == .ed25519 else {
                throw CommandFailure(status, "--key is the key of a witness, not of a log")
            }
            return key
        } catch let error as NoteError {
            throw CommandFailure(status, "--key: \(error.message)")
        }
    }

    /// The checkpoint of a file: a signed note, a receipt, or a whole answer.
    static func checkpoint(of path: String) throws -> SignedCheckpoint {
        let bytes = try contents(of: path, "the file of --since")
        let checkpoint: SignedCheckpoint
        do {
            checkpoint = try SignedCheckpoint(parsing: try note(in: bytes))
        } catch let error as NoteError {
            throw CommandFailure(.malformedData, "the file of --since: \(error.message)")
        }
        guard checkpoint.checkpoint.size > 0 else {
            throw CommandFailure(
                .malformedData, "the checkpoint of --since is that of an empty log: every log goes on from it")
        }
        return checkpoint
    }

    private static func note(in bytes: [UInt8]) throws -> String {
        let bytes = trimmed(bytes)
        // What copies and shells drop at the end is put back.
        guard bytes.first == UInt8(ascii: "{") else { return String(decoding: bytes, as: UTF8.self) + "\n" }
        let root: JSONNode
        do { root = try JSONDocument(parsing: Array(bytes)).root } catch {
            throw CommandFailure(.malformedData, "the file of --since is not valid JSON: \(error.message)")
        }
        guard let note = (root["receipt"]?["checkpoint"] ?? root["checkpoint"])?.string else {
            throw CommandFailure(
                .malformedData, "the file of --since has no checkpoint: it is a signed note, a receipt or an answer")
        }
        return note
    }

    /// Without white space at both ends.
    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let rest = bytes.drop(while: isSpace)
        return rest.dropLast(rest.reversed().prefix(while: isSpace).count)
    }
}
