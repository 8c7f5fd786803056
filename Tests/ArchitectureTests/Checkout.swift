import Foundation

/// The checkout that this file is part of.
enum Checkout {
    /// Three folders above this file.
    static var root: URL {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The text of a file, by its path from the root.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The names of the folders in a folder.
    static func folders(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles
        ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false }
            .map(\.lastPathComponent).sorted()
    }

    /// Every text file below a folder, sorted by path.
    static func files(below path: String) throws -> [SourceFile] {
        let base = root.appending(path: path)
        let names = try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
        return try names.compactMap { name in
            let url = base.appending(path: name)
            let isFile = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
            guard isFile, !url.lastPathComponent.hasPrefix(".") else { return nil }
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return SourceFile(path: "\(path)/\(name)", text: text)
        }
    }
}

/// A file by its path from the root of the checkout.
struct SourceFile: Sendable, Hashable {
    var path: String
    var text: String

    var isSwift: Bool { path.hasSuffix(".swift") }
    /// The folder under Sources.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var lineCount: Int {
        text.utf8.count { $0 == UInt8(ascii: "\n") } + (text.utf8.last.map { $0 == UInt8(ascii: "\n") } ?? true ? 0 : 1)
    }
}
