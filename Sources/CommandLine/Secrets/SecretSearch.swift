import OrchCore
import OrchPrivacy
import SystemPackage

/// Looks for secrets in a tree's files and in its history.
struct SecretSearch: Sendable {
    /// A file is binary if there is a zero byte in its beginning, as git says it.
    private static let looksAtBytes = 8000
    /// Files that are read at a time.
    private static let width = 4

    let tree: any SourceTree
    let scrubber: Scrubber

    /// What one file or object came to.
    private enum Outcome {
        case scanned([Leak], bytes: Int)
        case binary
        case unreadable
        /// It was deleted in the meantime.
        case gone
    }

    /// Files as they are now.
    func files(_ paths: [String], _ progress: (Int) throws -> Void) async throws -> SecretFindings {
        var findings = SecretFindings()
        try await withThrowingTaskGroup(of: (String, Outcome).self) { group in
            var rest = paths[...]
            func next() {
                guard let path = rest.popFirst() else { return }
                group.addTask { (path, self.scan(path)) }
            }
            for _ in 0..<Self.width { next() }
            while let (path, outcome) = try await group.next() {
                next()
                findings.files += 1
                switch outcome {
                case .scanned(let leaks, let bytes):
                    findings.bytes += bytes
                    findings.leaks += leaks.map { SecretFindings.Found(leak: $0, path: path, object: nil) }
                case .binary: findings.binaries += 1
                case .unreadable: findings.unreadable.append(path)
                case .gone: findings.files -= 1
                }
                try progress(findings.files)
            }
        }
        findings.leaks.sort()
        findings.unreadable.sort()
        return findings
    }

    /// Everything that the history holds; what is found at a path in the files, too, is left out.
    func history(
        beside files: SecretFindings, _ progress: (Int) throws -> Void
    ) async throws -> SecretFindings {
        var findings = SecretFindings()
        var known = Set(files.leaks.map(\.identity))
        try await tree.forEachObject { object in
            findings.files += 1
            defer { findings.bytes += object.bytes.count }
            guard !object.isTooLarge else {
                findings.unreadable.append(object.path ?? object.id)
                return
            }
            guard object.kind == .message || !Self.isBinary(object.bytes) else {
                findings.binaries += 1
                return
            }
            var scanner = LeakScanner(scrubber)
            object.bytes.withUnsafeBytes { scanner.push($0) }
            for leak in scanner.finish() {
                let found = SecretFindings.Found(leak: leak, path: object.path, object: object.id)
                if known.insert(found.identity).inserted { findings.leaks.append(found) }
            }
            try progress(findings.files)
        }
        findings.leaks.sort()
        findings.unreadable.sort()
        return findings
    }

    private func scan(_ path: String) -> Outcome {
        var scanner = LeakScanner(scrubber)
        var bytes = 0
        do {
            try BoundedFile.forEachPiece(of: FilePath(tree.path).appending(path)) { piece in
                if bytes == 0, Self.isBinary(piece) { throw Binary() }
                bytes += piece.count
                scanner.push(piece)
            }
        } catch is Binary {
            return .binary
        } catch Errno.noSuchFileOrDirectory {
            return .gone
        } catch {
            return .unreadable
        }
        return .scanned(scanner.finish(), bytes: bytes)
    }

    private struct Binary: Error {}

    private static func isBinary(_ bytes: some Collection<UInt8>) -> Bool { bytes.prefix(looksAtBytes).contains(0) }
}

/// What a search found.
struct SecretFindings: Sendable {
    struct Found: Sendable, Equatable, Comparable {
        let leak: Leak
        /// nil of a commit's or a tag's message.
        let path: String?
        /// The name of the object in the history; nil of a file as it is now.
        let object: String?

        /// What makes two findings the same.
        var identity: String { "\(path ?? "")\0\(leak.detector)\0\(leak.fingerprint.text)" }

        static func < (one: Found, other: Found) -> Bool {
            (one.path ?? "", one.object ?? "", one.leak.line, one.leak.column)
                < (other.path ?? "", other.object ?? "", other.leak.line, other.leak.column)
        }
    }

    var leaks: [Found] = []
    /// Files, or objects of the history, that were looked at.
    var files = 0
    var bytes = 0
    var binaries = 0
    /// Files that could not be read; objects that are too large.
    var unreadable: [String] = []
}
