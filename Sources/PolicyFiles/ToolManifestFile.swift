package import OrchCore
package import OrchTools

/// The manifest of one tool of the operator's own: `name`, `description`, `parameters`, `safe`, `command`, `limits`,
/// `allow_unsandboxed`.
package enum ToolManifestFile {
    private static let timeouts = 1...300
    private static let memory = 16...65_536
    private static let maximumArguments = 32

    /// The tool that some bytes spell out.
    package static func parse(
        _ bytes: [UInt8], file: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> Tool {
        let keys = ["name", "description", "parameters", "safe", "command", "limits", "allow_unsandboxed"]
        let mapping = try YAMLMapping(YAMLReader.read(bytes, file: file), file: file, keys: keys)
        let name = try mapping.name("name")
        guard Tool.isValidName(name) else {
            throw PolicyFileError(
                .invalidValue, file: file, at: mapping.value("name")?.position,
                "`name` must be 1 to \(Tool.maximumNameLength) letters, digits, `_`, `.` and `-`")
        }
        let parameters = JSONValue.object(
            try mapping.object("parameters") ?? ["type": "object", "additionalProperties": false])
        do throws(SchemaError) { _ = try ArgumentSchema(parameters, patterns: compiler) } catch {
            throw PolicyFileError(
                .invalidValue, file: file, at: mapping.value("parameters")?.position, error.message)
        }
        let limits = try mapping.value("limits").map { node throws(PolicyFileError) in
            try YAMLMapping(node, file: file, keys: ["timeout_seconds", "memory_mb"])
        }
        var command = try command(mapping)
        command.memoryLimit = try limits.flatMap { limits throws(PolicyFileError) in
            try number(limits, "memory_mb", memory)
        }
        let timeout = try limits.flatMap { limits throws(PolicyFileError) in
            try number(limits, "timeout_seconds", timeouts)
        }
        return Tool(
            name: name, description: try mapping.name("description"), parameters: parameters,
            safe: try mapping.bool("safe") ?? false,
            allowUnsandboxed: try mapping.bool("allow_unsandboxed") ?? false, command: command,
            timeout: timeout.map { .seconds($0) })
    }

    /// A program in the tools' folder, with what it is started with. A path out of the folder is none.
    private static func command(_ mapping: YAMLMapping) throws(PolicyFileError) -> SandboxCommand {
        let nodes = try mapping.required("command", mapping.sequence("command"))
        var words: [String] = []
        for node in nodes { words.append(try node.name(file: mapping.file)) }
        guard let program = words.first, words.count <= maximumArguments else {
            throw PolicyFileError(
                .invalidValue, file: mapping.file, at: mapping.value("command")?.position,
                "`command` must be a list of 1 to \(maximumArguments) words, the program first")
        }
        let parts = program.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw PolicyFileError(
                .invalidValue, file: mapping.file, at: nodes.first?.position,
                "the program must be a file in ORCH_SANDBOX_TOOL_DIR, by its path in there")
        }
        return SandboxCommand(program: .file(program), arguments: Array(words.dropFirst()))
    }

    private static func number(
        _ mapping: YAMLMapping, _ key: String, _ range: ClosedRange<Int>
    ) throws(PolicyFileError) -> Int? {
        guard let number = try mapping.count(key) else { return nil }
        guard range.contains(number) else {
            throw PolicyFileError(
                .invalidValue, file: mapping.file, at: mapping.value(key)?.position,
                "`\(key)` must be \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// The tools of one directory of manifests, and what is wrong with those that could not be taken in.
package struct ToolDirectory: Sendable {
    package var tools: [Tool] = []
    /// In the order of the files' names.
    package var problems: [PolicyFileError] = []
    /// SHA-256 over the names of the files that were taken in and the hashes of their bytes.
    package var hash = ""

    /// Reads every `.yaml` and `.yml` file that is not hidden. A broken one, or one whose name is taken, is a problem, and
    /// the rest work. Where there is no such directory there are no tools.
    ///
    /// - Parameter taken: Names that tools have already.
    package static func load(_ path: String, taken: Set<String>, compiler: any PatternCompiler) -> ToolDirectory {
        var directory = ToolDirectory()
        var taken = taken
        var digest = ""
        let names = (LocalFile.names(in: path) ?? []).filter(isManifest)
        for name in names.prefix(PolicyFileLimits.maximumFiles) {
            do throws(PolicyFileError) {
                let bytes = try LocalFile.read("\(path)/\(name)")
                let tool = try ToolManifestFile.parse(bytes, file: name, compiler: compiler)
                guard taken.insert(tool.name).inserted else {
                    throw PolicyFileError(.invalidValue, file: name, "a tool named \(tool.name) is there already")
                }
                directory.tools.append(tool)
                digest += "\(ContentHash.hexadecimal(of: bytes)) \(name)\n"
            } catch {
                directory.problems.append(error)
            }
        }
        if names.count > PolicyFileLimits.maximumFiles {
            directory.problems.append(
                PolicyFileError(
                    .tooComplex, file: LocalFile.name(of: path),
                    "only the first \(PolicyFileLimits.maximumFiles) of \(names.count) files are read"))
        }
        directory.hash = ContentHash.hexadecimal(of: Array(digest.utf8))
        return directory
    }

    private static func isManifest(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
    }
}
