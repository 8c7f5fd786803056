import ArgumentParser
import OrchConfiguration
import SystemPackage

/// `orch config docs`
struct ConfigDocsCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Print the reference of all settings, or write the files that are made from it.",
        discussion: """
            The files are \(ConfigurationReference.files.map(\.path).joined(separator: ", ")); the server's code is \
            where they come from, so edit that, not them.

            Examples:
              orch config docs
              orch config docs --write
              orch config docs --write /tmp/reference
            """)

    @Option(
        defaultAsFlag: ".",
        help: ArgumentHelp("Write the files below this directory instead.", valueName: "dir"),
        completion: .directory)
    var write: String?

    func run(in session: Session) async throws {
        guard let write else { return try session.out.write(ConfigurationReference.markdown()) }
        let base = FilePath(write)
        guard let there = try? base.stat(), there.type == .directory else {
            throw CommandFailure(.notFound, "the directory of --write does not exist")
        }
        for file in ConfigurationReference.files {
            let relative = FilePath(file.path)
            try AtomicFile.makeDirectories(relative.removingLastComponent(), below: base)
            let path = base.pushing(relative)
            try await AtomicFile.write(to: path, permissions: [.ownerReadWrite, .groupRead, .otherRead]) { descriptor in
                try AtomicFile.attempt { _ = try descriptor.writeAll(file.text.utf8) }
            }
            try session.out.write("wrote \(Visible.line(path.string))\n")
        }
    }
}
