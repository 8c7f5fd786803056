import Foundation

/// The checkout that this file is part of.
enum Checkout {
    /// Its path, three folders above this file.
    static var root: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    /// The text of a file; nil where there is none.
    static func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    }
}
