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

    /// Whether there is a file or folder.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// A document, by its path from the root.
    static func document(_ path: String) throws -> MarkdownDocument {
        MarkdownDocument(path: path, text: try text(path))
    }

    /// The files below a folder that end so, by their paths from the root; what is hidden does not count.
    static func paths(below folder: String = "", endingIn ending: String) throws -> [String] {
        let base = folder.isEmpty ? root : root.appending(path: folder)
        guard
            let found = FileManager.default.enumerator(
                at: base, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles, .skipsPackageDescendants])
        else { throw CocoaError(.fileReadNoSuchFile) }
        let prefix = root.path + "/"
        return found.compactMap { ($0 as? URL)?.resolvingSymlinksInPath().path }
            .filter { $0.hasSuffix(ending) && $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
            .sorted()
    }

    /// Every document of the checkout.
    static func documents() throws -> [MarkdownDocument] {
        try paths(endingIn: ".md").map(document)
    }
}
