import SystemPackage

/// The lines of a file, or of standard input, one after the other: no more of them is in memory than a line and a piece.
struct InputLines: ~Copyable {
    /// The longest line, without its line feed.
    static let maximumBytes = 16_777_216
    private static let pieceBytes = 262_144

    private let file: FileDescriptor?
    private let input: Terminal.Input
    private let maximumBytes: Int
    private var bytes: [UInt8] = []
    /// Where the next line begins, and up to where no line feed is.
    private var (start, searched) = (0, 0)
    private var isAtEnd = false
    /// Of the line that came last, from 1.
    private(set) var number = 0

    /// - Parameter path: nil and `-` are standard input.
    init(_ path: String?, in session: Session, maximumBytes: Int = maximumBytes) throws {
        input = session.terminal.standardInput
        self.maximumBytes = maximumBytes
        guard let path, path != "-" else {
            file = nil
            return
        }
        do {
            file = try BoundedFile.open(FilePath(path))
        } catch is Errno {
            throw CommandFailure(.notFound, "the file of --input cannot be read: it is not there, or not for you")
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "the file of --input: \(failure.message)")
        }
    }

    deinit {
        try? file?.close()
    }

    /// The next line without its line feed; nil at the end.
    mutating func next() async throws -> ArraySlice<UInt8>? {
        while true {
            if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { (start, searched) = (end + 1, end + 1) }
                return try line(bytes[start..<end])
            }
            if isAtEnd {
                defer { (start, searched) = (bytes.count, bytes.count) }
                return start < bytes.count ? try line(bytes[start...]) : nil
            }
            if bytes.count - start > maximumBytes { _ = try line(bytes[start...]) }
            bytes.removeFirst(start)
            (start, searched) = (0, bytes.count)
            guard let piece = try await piece() else {
                isAtEnd = true
                continue
            }
            bytes += piece
        }
    }

    private mutating func line(_ line: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        number += 1
        guard line.count <= maximumBytes else {
            throw CommandFailure(.malformedData, "line \(number) is longer than \(maximumBytes) bytes")
        }
        return line
    }

    private func piece() async throws -> [UInt8]? {
        guard let file else { return try await input.nextPiece() }
        let piece = try [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
            do { count = try file.read(into: UnsafeMutableRawBufferPointer(buffer)) } catch let error as Errno {
                throw CommandFailure(.brokenOutput, "the file of --input cannot be read: \(error)")
            }
        }
        return piece.isEmpty ? nil : piece
    }
}
