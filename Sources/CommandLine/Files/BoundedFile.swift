import SystemPackage

/// Reads files piece by piece.
enum BoundedFile {
    private static let pieceBytes = 262_144

    /// The whole of a regular file.
    ///
    /// - Throws: ``CommandFailure`` when it is longer than the limit; `Errno` when it cannot be read.
    static func contents(of path: FilePath, maximumBytes: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece(of: path) { piece in
            guard bytes.count + piece.count <= maximumBytes else {
                throw CommandFailure(.malformedData, "the file is longer than \(maximumBytes) bytes")
            }
            bytes += piece
        }
        return bytes
    }

    /// Hands over a regular file's pieces in order.
    static func forEachPiece(of path: FilePath, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = try open(path)
        defer { try? descriptor.close() }
        try forEachPiece(of: descriptor, body)
    }

    /// Opens a regular file to read.
    ///
    /// - Throws: ``CommandFailure`` when it is none; `Errno` when it cannot be opened.
    static func open(_ path: FilePath) throws -> FileDescriptor {
        // Without nonBlocking, opening a pipe would wait for its writer.
        let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        do {
            guard try Stat(descriptor).type == .regular else {
                throw CommandFailure(.malformedData, "it is not a regular file")
            }
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// Hands over the pieces of a file that is open, in order.
    static func forEachPiece(of descriptor: FileDescriptor, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try descriptor.read(into: buffer)
            guard count > 0 else { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
