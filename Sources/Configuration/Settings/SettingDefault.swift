/// What a setting is when nobody sets it.
package struct SettingDefault: Sendable, ExpressibleByStringLiteral {
    /// Where the text of a default comes from.
    package enum Derivation: Sendable, Hashable {
        /// The documented text itself.
        case literal
        /// The value of another setting.
        case value(of: String)
        /// A file in the directory of ORCH_INSTANCE_DIR.
        case inInstanceDirectory(String)
        /// `orchestrators` in the user's data directory.
        case userDataDirectory
        /// The names by which a client on this machine calls the server.
        case boundHosts
    }

    /// The default as the reference states it.
    package let documented: String
    /// How the text is made.
    package let derivation: Derivation

    init(_ documented: String, _ derivation: Derivation) {
        self.documented = documented
        self.derivation = derivation
    }

    package init(stringLiteral value: String) {
        self.init(value, .literal)
    }

    /// A file or directory that moves with the instance directory.
    static func inInstanceDirectory(_ name: String) -> SettingDefault {
        SettingDefault("instance/" + name, .inInstanceDirectory(name))
    }

    /// The file of the receipts, which others share unless they are given one of their own.
    static var traceDatabase: SettingDefault {
        SettingDefault("ORCH_TRACE_DB_PATH", .value(of: "ORCH_TRACE_DB_PATH"))
    }

    /// The default as a text to be set, where it can be written down; empty where it depends on other things.
    package var assignable: String {
        derivation == .literal ? documented : ""
    }
}
