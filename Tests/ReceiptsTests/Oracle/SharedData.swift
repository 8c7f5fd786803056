import Foundation
import Testing

/// The data that the project's parts share, beside the checkout.
enum SharedData {
    static let folder = Checkout.root.appending(path: "../shared/data/receipts").standardizedFileURL
    static let isThere = FileManager.default.fileExists(atPath: folder.path)
    static let absence: Comment = "shared/data/receipts is not beside this checkout: its vectors were left out"
}

/// The checkout that this file is part of.
enum Checkout {
    /// Four folders above this file.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// In CI a missing part is a failure; elsewhere the tests that need it are left out, and say so.
    static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
}

/// Why a test cannot go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
