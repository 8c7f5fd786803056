import SystemPackage

/// The text that `orch scrub` reads: a file, or standard input.
enum ScrubInput {
    /// Hands over the pieces in order.
    ///
    /// - Parameter path: nil and `-` are standard input.
    static func forEachPiece(
        of path: String?, in session: Session, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) async throws {
        if let path, path != "-" {
            let descriptor = try open(path)
            defer { try? descriptor.close() }
            return try BoundedFile.forEachPiece(of: descriptor, body)
        }
        while let piece = try await session.terminal.standardInput.nextPiece() {
            try piece.withUnsafeBytes { try body($0) }
        }
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        do {
            return try BoundedFile.open(FilePath(path))
        } catch is Errno {
            throw CommandFailure(.notFound, "the file cannot be read: it is not there, or not for you")
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "the file cannot be read: \(failure.message)")
        }
    }
}
