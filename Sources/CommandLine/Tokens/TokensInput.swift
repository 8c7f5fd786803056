import OrchCore
import SystemPackage

/// What the commands about tokens read: a file, or standard input.
enum TokensInput {
    /// The most that is read.
    static let maximumBytes = 16_777_216

    /// All bytes.
    ///
    /// - Parameter path: nil and `-` are standard input.
    static func bytes(
        of path: String?, in session: Session, maximumBytes: Int = maximumBytes
    ) async throws -> [UInt8] {
        if let path, path != "-" { return try file(path, maximumBytes) }
        var bytes: [UInt8] = []
        while let piece = try await session.terminal.standardInput.nextPiece() {
            guard bytes.count + piece.count <= maximumBytes else {
                throw CommandFailure(.malformedData, "the input is longer than \(maximumBytes) bytes")
            }
            bytes += piece
        }
        return bytes
    }

    /// The bytes as a text.
    ///
    /// - Throws: ``CommandFailure`` where they are no UTF-8.
    static func text(of path: String?, in session: Session) async throws -> String {
        let bytes = try await bytes(of: path, in: session)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(
                .malformedData, "the input is not valid UTF-8 at byte \(bytes.validUTF8Prefix) (from 0)")
        }
        return text
    }

    private static func file(_ path: String, _ maximumBytes: Int) throws -> [UInt8] {
        do {
            return try BoundedFile.contents(of: FilePath(path), maximumBytes: maximumBytes)
        } catch is Errno {
            throw CommandFailure(.notFound, "the file cannot be read: it is not there, or not for you")
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "the file cannot be read: \(failure.message)")
        }
    }
}
