import SystemPackage
import Testing

@testable import OrchCommandLine

struct AtomicFileTests {
    @Test func `what is no regular file stays`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(throws: CommandFailure.self) {
            try await AtomicFile.write(to: "/dev/null", permissions: .ownerReadWrite) { _ in }
        }
        await #expect(throws: CommandFailure.self) {
            try await AtomicFile.write(to: directory.path, permissions: .ownerReadWrite) { _ in }
        }
        #expect(try FilePath("/dev/null").stat().type == .characterSpecial)
    }

    @Test func `a write that fails leaves what was there and nothing else`() async throws {
        let directory = try TemporaryDirectory()
        let path = FilePath(try directory.write("f", Array("old".utf8)))
        await #expect(throws: CancellationError.self) {
            try await AtomicFile.write(to: path, permissions: .ownerReadWrite) { descriptor in
                try descriptor.writeAll("new".utf8)
                throw CancellationError()
            }
        }
        #expect(try directory.read("f") == "old")
        #expect(directory.names == ["f"])
    }

    @Test func `a directory that is not there is an error of ours`() async throws {
        let directory = try TemporaryDirectory()
        let error = await #expect(throws: CommandFailure.self) {
            try await AtomicFile.write(to: directory.path.appending("no").appending("f"), permissions: .ownerReadWrite)
            {
                _ in
            }
        }
        #expect(error?.status == .cannotWrite)
        #expect(error?.message.contains(directory.path.string) == false)
    }

    @Test func `a piece of a file is bounded`() throws {
        let directory = try TemporaryDirectory()
        let path = FilePath(try directory.write("f", Array("12345".utf8)))
        #expect(try BoundedFile.contents(of: path, maximumBytes: 5) == Array("12345".utf8))
        #expect(throws: CommandFailure.self) { try BoundedFile.contents(of: path, maximumBytes: 4) }
        #expect(throws: CommandFailure.self) { try BoundedFile.contents(of: directory.path, maximumBytes: 4) }
    }
}
