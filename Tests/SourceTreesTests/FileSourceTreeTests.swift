import Foundation
import OrchCore
import Testing

@testable import OrchSourceTrees

@Suite("A folder of sources")
struct FileSourceTreeTests {
    private func objects(of tree: FileSourceTree) async throws -> [SourceObject] {
        var all: [SourceObject] = []
        try await tree.forEachObject { all.append($0) }
        return all
    }

    @Test("Tracked files are told from new ones, and ignored ones are neither")
    func files() async throws {
        let repository = try TemporaryRepository()
        try repository.write(".gitignore", "*.log\n")
        try repository.write("b/two words\n„ü“.txt", "x")
        try repository.write("a.txt", "x")
        try repository.commit("first")
        try repository.write("new.txt", "x")
        try repository.write("noise.log", "x")
        try repository.remove("a.txt")
        try FileManager.default.createSymbolicLink(
            at: repository.folder.appending(path: "link"), withDestinationURL: URL(filePath: "/etc/passwd"))
        let tree = try await FileSourceTree(repository.path)
        #expect(tree.isRepository)
        #expect(try await tree.files(.tracked) == [".gitignore", "b/two words\n„ü“.txt"])
        #expect(try await tree.files(.present) == [".gitignore", "b/two words\n„ü“.txt", "new.txt"])
        #expect(
            try await tree.ignored(["noise.log", "new.txt", "deep/x.log"]) == [
                "noise.log": true, "new.txt": false, "deep/x.log": true,
            ])
        #expect(try await !tree.isShallow())
    }

    @Test("Where there is no repository all files are there, and no history")
    func plain() async throws {
        let folder = try TemporaryRepository(isRepository: false)
        try folder.write("b/c.txt", "x")
        try folder.write("a.txt", "x")
        try folder.write(".git/config", "not one")
        let tree = try await FileSourceTree(folder.path)
        #expect(!tree.isRepository)
        #expect(try await tree.files(.present) == ["a.txt", "b/c.txt"])
        await #expect(throws: SourceTreeError.self) { try await tree.forEachObject { _ in } }
        await #expect(throws: SourceTreeError.self) { _ = try await tree.isShallow() }
    }

    @Test("A folder that is not there is told")
    func missing() async {
        let error = await #expect(throws: SourceTreeError.self) { _ = try await FileSourceTree("/nonexistent/x") }
        #expect(error?.code == .notAFolder)
    }

    @Test("The history has every file that ever was, and every message, each once")
    func history() async throws {
        let repository = try TemporaryRepository()
        try repository.write("kept.txt", "kept")
        try repository.write("gone.txt", "was here")
        try repository.commit("the first message")
        try repository.remove("gone.txt")
        try repository.write("copy.txt", "kept")
        try repository.write("empty.txt", "")
        try repository.write("binary", "\0\n\u{1}blob 5\n")
        try repository.commit("the second message")
        try repository.git("tag", "-a", "v1", "-m", "the tag's message")
        try repository.git("checkout", "-q", "-b", "other")
        try repository.write("other.txt", "on a branch")
        try repository.commit("on a branch")
        try repository.git("checkout", "-q", "main")
        let all = try await objects(of: try await FileSourceTree(repository.path))
        let files = all.filter { $0.kind == .file }
        #expect(
            Set(files.map { String(decoding: $0.bytes, as: UTF8.self) })
                == ["kept", "was here", "", "\0\n\u{1}blob 5\n", "on a branch"])
        #expect(files.count == 5)
        #expect(files.first { $0.bytes == Array("was here".utf8) }?.path == "gone.txt")
        let messages = all.filter { $0.kind == .message }.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(messages.count == 4)
        for text in ["the first message", "the second message", "the tag's message", "on a branch"] {
            #expect(messages.contains { $0.contains(text) })
        }
    }

    @Test("A history that was cut says so")
    func shallow() async throws {
        let repository = try TemporaryRepository()
        try repository.write("a", "x")
        try repository.commit("one")
        try repository.commit("two")
        let clone = try TemporaryRepository(isRepository: false)
        try clone.git("clone", "-q", "--depth", "1", "file://\(repository.path)", "c")
        let tree = try await FileSourceTree(clone.path + "/c")
        #expect(try await tree.isShallow())
        #expect(try await objects(of: tree).count == 2)
    }

    @Test("An empty repository has no files and no history")
    func empty() async throws {
        let repository = try TemporaryRepository()
        let tree = try await FileSourceTree(repository.path)
        #expect(try await tree.files(.present).isEmpty)
        #expect(try await objects(of: tree).isEmpty)
    }

    @Test("git's objects are the same however its output is cut", arguments: [1, 2, 3, 7, 64])
    func cut(_ size: Int) throws {
        let output = Array("aa blob 5\nhello\nbb tree 3\n\0\n\0\ncc blob 0\n\ndd commit 4\nmess\n".utf8)
        var batch = ObjectBatch()
        var found: [String] = []
        for start in stride(from: 0, to: output.count, by: size) {
            let piece = Array(output[start..<min(output.count, start + size)])
            try piece.withUnsafeBytes { bytes in
                try batch.take(bytes) {
                    found.append("\($0.id) \($0.kind) \(String(decoding: $0.bytes, as: UTF8.self))")
                }
            }
        }
        #expect(found == ["aa file hello", "cc file ", "dd message mess"])
    }

    @Test("Output that is not git's is told")
    func malformed() {
        var batch = ObjectBatch()
        let output = Array("aa missing\n".utf8)
        #expect(throws: SourceTreeError.self) { try output.withUnsafeBytes { try batch.take($0) { _ in } } }
    }
}
