import SystemPackage
import Testing

@testable import OrchCommandLine

struct LineReaderTests {
    /// A reader of these bytes, and what keeps its end open.
    private func reader(of bytes: [UInt8], closing: Bool = true) throws -> (reader: LineReader, writer: FileDescriptor)
    {
        let (read, write) = try FileDescriptor.pipe()
        try write.writeAll(bytes)
        if closing { try write.close() }
        return (LineReader(read), write)
    }

    private func lines(_ text: String) async throws -> [String] {
        let reader = try reader(of: Array(text.utf8)).reader
        var lines: [String] = []
        while let line = try await reader.next() { lines.append(line) }
        return lines
    }

    @Test func `reads line by line, the last one also without a line feed`() async throws {
        #expect(try await lines("") == [])
        #expect(try await lines("\n") == [""])
        #expect(try await lines("a\n\nbé\n") == ["a", "", "bé"])
        #expect(try await lines("a\nb") == ["a", "b"])
        let reader = try reader(of: [0xFF, 10]).reader
        #expect(try await reader.next() == "\u{FFFD}")
    }

    @Test func `reads bytes as they come, those that a line has left first`() async throws {
        let reader = try reader(of: Array("a\nbc".utf8) + [0xFF]).reader
        #expect(try await reader.next() == "a")
        #expect(try await reader.nextPiece() == Array("bc".utf8) + [0xFF])
        #expect(try await reader.nextPiece() == nil)
        #expect(try await reader.nextPiece() == nil)
        #expect(try await reader.next() == nil)
    }

    @Test(.timeLimit(.minutes(1))) func `a cancelled read ends while nobody writes`() async throws {
        let (reader, writer) = try reader(of: Array("half".utf8), closing: false)
        let result = await withTaskGroup(of: Result<String?, any Error>.self) { group in
            group.addTask {
                do { return .success(try await reader.next()) } catch { return .failure(error) }
            }
            try? await Task.sleep(for: .milliseconds(50))
            group.cancelAll()
            return await group.next()
        }
        #expect(throws: CancellationError.self) { try result?.get() }
        try writer.close()
        #expect(try await reader.next() == "half")
    }

    @Test func `a line that is too long is refused`() async throws {
        let (read, write) = try FileDescriptor.pipe()
        let reader = LineReader(read)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let piece = [UInt8](repeating: 0x78, count: 65_536)
                for _ in 0..<(LineReader.maximumBytes / piece.count + 1) { try write.writeAll(piece) }
                try write.close()
            }
            await #expect(throws: CommandFailure.self) { _ = try await reader.next() }
            try read.close()
            try await group.waitForAll()
        }
    }
}
