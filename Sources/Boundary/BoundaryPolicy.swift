package import OrchCore

/// What must not be in a repository that everybody may read.
package struct BoundaryPolicy: Sendable {
    /// A text that may stand nowhere, but in some files.
    package struct Forbidden: Sendable {
        package var id: String
        package var pattern: any Pattern
        /// What it would give away.
        package var reason: String
        /// Paths of files in which it may stand; one that ends in `/` is a folder.
        package var except: [String]

        package init(id: String, pattern: any Pattern, reason: String, except: [String]) {
            self.id = id
            self.pattern = pattern
            self.reason = reason
            self.except = except
        }

        func admits(_ path: String) -> Bool {
            except.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
        }
    }

    package var forbidden: [Forbidden]
    /// Paths that version control must ignore, such as `.env`.
    package var ignored: [String]

    package init(forbidden: [Forbidden], ignored: [String]) {
        self.forbidden = forbidden
        self.ignored = ignored
    }
}
