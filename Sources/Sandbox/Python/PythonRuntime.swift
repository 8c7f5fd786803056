import OrchCore

/// The Python of the system, file by file: what a sandbox shows of this machine, and nothing else.
struct PythonRuntime: Sendable, Hashable {
    let version: String
    let executable: String
    let folders: [String]
    /// Shared libraries, and what loads them.
    let files: [String]
    let links: [Link]

    /// A symbolic link and what it leads to.
    struct Link: Sendable, Hashable {
        let target: String
        let path: String
    }

    /// Where a Python of the system is looked for. One that belongs to a person's home is none.
    static let places = ["/usr/bin/python3", "/usr/local/bin/python3"]

    static let missing = SandboxError(
        .unavailable, "there is no Python for the sandbox; install python3 (apt-get install python3)")

    /// Asks the first Python there is what it consists of. It takes a tenth of a second.
    ///
    /// Blocks; for a worker's thread.
    static func find(in places: [String] = places) throws(SandboxError) -> PythonRuntime {
        guard let interpreter = places.first(where: SystemFile.isExecutable) else { throw missing }
        let run = try HostCommand.run(
            [interpreter, "-I", "-S", "-c", String(decoding: PackageResources.probe_py, as: UTF8.self)],
            timeout: .seconds(20))
        guard run.exitCode == 0, let runtime = PythonRuntime(json: run.output) else {
            throw SandboxError(.unavailable, "the Python of this machine cannot say what it consists of")
        }
        return runtime
    }

    private init?(json: [UInt8]) {
        guard let members = (try? JSONValue(parsing: json))?.objectValue,
            let version = members["version"]?.stringValue,
            let executable = members["executable"]?.stringValue,
            let folders = members["folders"]?.arrayValue?.compactMap(\.stringValue),
            let files = members["files"]?.arrayValue?.compactMap(\.stringValue),
            let links = members["links"]?.arrayValue?.compactMap(Link.init)
        else { return nil }
        self.version = version
        self.executable = executable
        self.folders = folders
        self.files = files
        self.links = links
    }
}

extension PythonRuntime.Link {
    fileprivate init?(_ json: JSONValue) {
        guard let pair = json.arrayValue?.compactMap(\.stringValue), pair.count == 2 else { return nil }
        self.init(target: pair[0], path: pair[1])
    }
}
