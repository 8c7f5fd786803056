package import OrchCore
import SystemPackage

/// A folder on this machine, read through git where git knows it.
package struct FileSourceTree: SourceTree {
    package let path: String
    private let git: GitCommand
    /// Why git has nothing to say of it; nil where it has.
    private let notARepository: SourceTreeError?

    package var isRepository: Bool { notARepository == nil }

    /// - Throws: ``SourceTreeError`` where there is no such folder.
    package init(_ path: String) async throws(SourceTreeError) {
        guard let resolved = Folder.resolved(path) else {
            throw SourceTreeError(.notAFolder, "there is no such folder")
        }
        self.path = resolved
        git = GitCommand(folder: FilePath(resolved))
        do throws(SourceTreeError) {
            _ = try await git.output(["rev-parse", "--git-dir"])
            notARepository = nil
        } catch {
            guard error.code == .notARepository || error.code == .noGit else { throw error }
            notARepository = error
        }
    }

    package func isShallow() async throws(SourceTreeError) -> Bool {
        try requireRepository()
        return try await git.output(["rev-parse", "--is-shallow-repository"]).starts(with: "true".utf8)
    }

    package func files(_ selection: SourceSelection) async throws(SourceTreeError) -> [String] {
        guard isRepository else { return Folder.files(below: path) }
        var arguments = ["ls-files", "-z", "--cached", "--deduplicate"]
        if selection == .present { arguments += ["--others", "--exclude-standard"] }
        return try await git.output(arguments).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter { Folder.kind(of: "\(path)/\($0)") == .file }.sorted()
    }

    package func ignored(_ paths: [String]) async throws(SourceTreeError) -> [String: Bool] {
        try requireRepository()
        var ignored: [String: Bool] = [:]
        for path in paths {
            ignored[path] = try await git.succeeds(["check-ignore", "--quiet", "--no-index", "--", path])
        }
        return ignored
    }

    package func forEachObject(_ body: (SourceObject) throws -> Void) async throws {
        try requireRepository()
        var paths: [String: String] = [:]
        let listing = try await git.output(["rev-list", "--objects", "--all"])
        for line in listing.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard let id = parts.first else { continue }
            // A commit stands alone; a tree and a file have a path, the root's empty.
            paths[String(decoding: id, as: UTF8.self)] =
                parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
        }
        var batch = ObjectBatch()
        try await git.forEachPiece(["cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"]) { piece in
            try batch.take(piece) { object in
                // What nothing leads to any more is no part of the history.
                guard let path = paths[object.id] else { return }
                var object = object
                if object.kind == .file { object.path = path }
                try body(object)
            }
        }
    }

    private func requireRepository() throws(SourceTreeError) {
        if let notARepository { throw notARepository }
    }
}
