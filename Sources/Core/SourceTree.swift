/// A folder of sources, as version control knows it: the port of the commands that look for what must not be in there.
package protocol SourceTree: Sendable {
    /// The folder itself, whole.
    var path: String { get }
    /// Whether version control knows it, so that it has tracked files and a history.
    var isRepository: Bool { get }
    /// Whether the history was cut when it was fetched.
    func isShallow() async throws(SourceTreeError) -> Bool
    /// Paths of files inside of it, in order. Symbolic links are none.
    func files(_ selection: SourceSelection) async throws(SourceTreeError) -> [String]
    /// Whether version control would ignore each of these paths.
    func ignored(_ paths: [String]) async throws(SourceTreeError) -> [String: Bool]
    /// Hands over every text that the history holds, each once, as it comes out of the repository.
    func forEachObject(_ body: (SourceObject) throws -> Void) async throws
}

/// Which files of a tree are meant.
package enum SourceSelection: Sendable {
    /// Those that version control keeps; all there are where there is none.
    case tracked
    /// Those, and new ones that are not ignored.
    case present
}

/// Something that a history holds.
package struct SourceObject: Sendable {
    package enum Kind: Sendable { case file, message }

    package var kind: Kind
    /// Its name in version control.
    package var id: String
    /// A path under which it was kept; nil of a message.
    package var path: String?
    /// Empty where it is larger than ``maximumBytes``.
    package var bytes: [UInt8]
    package var isTooLarge: Bool

    /// Larger ones are named, and not read.
    package static let maximumBytes = 64 << 20

    package init(kind: Kind, id: String, path: String?, bytes: [UInt8], isTooLarge: Bool = false) {
        self.kind = kind
        self.id = id
        self.path = path
        self.bytes = bytes
        self.isTooLarge = isTooLarge
    }
}

/// Why a tree cannot be read.
package struct SourceTreeError: CodedError, Equatable {
    package enum Code: String, Sendable {
        case notAFolder = "not_a_folder"
        case notARepository = "not_a_repository"
        case noGit = "git_not_installed"
        case failed = "git_failed"
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.rawValue }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
