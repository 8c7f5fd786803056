import Foundation
package import OrchCore
import SystemPackage

/// A folder on this machine, read through git where git knows it.
package struct FileSourceTree: SourceTree {
    package let path: String
    package let isRepository: Bool
    private let git: GitCommand

    /// - Throws: ``SourceTreeError`` where there is no such folder.
    package init(_ path: String) async throws(SourceTreeError) {
        var isFolder: ObjCBool = false
        let url = URL(filePath: path).standardizedFileURL
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw SourceTreeError(.notAFolder, "there is no such folder")
        }
        self.path = url.path
        git = GitCommand(folder: FilePath(url.path))
        do throws(SourceTreeError) {
            _ = try await git.output(["rev-parse", "--git-dir"])
            isRepository = true
        } catch  where error.code == .notARepository || error.code == .noGit {
            isRepository = false
        }
    }

    package func isShallow() async throws(SourceTreeError) -> Bool {
        try requireRepository()
        return try await git.output(["rev-parse", "--is-shallow-repository"]).starts(with: "true".utf8)
    }

    package func files(_ selection: SourceSelection) async throws(SourceTreeError) -> [String] {
        guard isRepository else { return walk() }
        var arguments = ["ls-files", "-z", "--cached", "--deduplicate"]
        if selection == .present { arguments += ["--others", "--exclude-standard"] }
        return try await git.output(arguments).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter(isRegularFile).sorted()
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
        guard isRepository else { throw SourceTreeError(.notARepository, "the folder is in no git repository") }
    }

    private func isRegularFile(_ file: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path + "/" + file)[.type] as? FileAttributeType)
            == .typeRegular
    }

    /// All files below the folder, but git's own.
    private func walk() -> [String] {
        guard let all = FileManager.default.enumerator(atPath: path) else { return [] }
        var files: [String] = []
        while let file = all.nextObject() as? String {
            if (file as NSString).lastPathComponent == ".git" {
                all.skipDescendants()
            } else if all.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                files.append(file)
            }
        }
        return files.sorted()
    }
}
