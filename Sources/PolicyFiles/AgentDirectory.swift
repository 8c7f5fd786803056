package import OrchAgents

/// The agents of one directory, and what is wrong with those files that could not be taken in.
package struct AgentDirectory: Sendable {
    package let catalog: AgentCatalog
    /// In the order of the files' names.
    package let problems: [PolicyFileError]

    /// Reads every `.yaml` and `.yml` file that is not hidden, in the order of their names. A broken file, or one whose
    /// agent an earlier file has, is a problem and the rest work. Throws only when the directory cannot be listed.
    package static func load(_ path: String) throws(PolicyFileError) -> Loaded<AgentDirectory> {
        let directory = LocalFile.name(of: path)
        guard let names = LocalFile.names(in: path)?.filter(isAgentFile) else {
            throw PolicyFileError(.missingFile, file: directory, "there is no such directory")
        }
        var agents: [Agent] = []
        var fileByAgent: [String: String] = [:]
        var problems: [PolicyFileError] = []
        var digest = ""
        for name in names.prefix(PolicyFileLimits.maximumFiles) {
            do throws(PolicyFileError) {
                let bytes = try LocalFile.read("\(path)/\(name)")
                digest += "\(ContentHash.hexadecimal(of: bytes)) \(name)\n"
                let agent = try AgentFile.parse(bytes, file: name)
                if let earlier = fileByAgent.updateValue(name, forKey: agent.name.key) {
                    fileByAgent[agent.name.key] = earlier
                    throw PolicyFileError(
                        .invalidValue, file: name, "an agent named \(Quoted(agent.name.text)) stands in \(earlier)")
                }
                agents.append(agent)
            } catch {
                if error.code == .unreadableFile || error.code == .missingFile || error.code == .tooLarge {
                    digest += "\(error.codeName) \(name)\n"
                }
                problems.append(error)
            }
        }
        if names.count > PolicyFileLimits.maximumFiles {
            let reason = "only the first \(PolicyFileLimits.maximumFiles) of \(names.count) files are read"
            problems.append(PolicyFileError(.tooComplex, file: directory, reason))
        }
        let contents = AgentDirectory(catalog: try catalog(agents, directory: directory), problems: problems)
        return Loaded(contents, policyHash: ContentHash.hexadecimal(of: Array(digest.utf8)))
    }

    /// As ``load(_:)``, but a directory that cannot be listed is no agents and a problem.
    package static func loadOrEmpty(_ path: String) -> Loaded<AgentDirectory> {
        do throws(PolicyFileError) {
            return try load(path)
        } catch {
            let contents = AgentDirectory(catalog: AgentCatalog(), problems: [error])
            return Loaded(contents, policyHash: ContentHash.hexadecimal(of: []))
        }
    }

    /// Loads the agents and keeps them up to date with their files; see ``Watched``.
    package static func watch(
        _ path: String, every interval: Duration, clock: any Clock<Duration>,
        onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) -> Watched<AgentDirectory> {
        let loaded = loadOrEmpty(path)
        let source = WatchedSource<AgentDirectory>(
            fingerprint: { FileFingerprint(ofDirectory: path, where: isAgentFile) },
            load: { () throws(PolicyFileError) in try load(path) })
        let missing = loaded.value.problems.first { $0.file == LocalFile.name(of: path) && $0.code == .missingFile }
        return Watched(loaded, problem: missing, source: source, every: interval, clock: clock, onEvent: onEvent)
    }

    private static func isAgentFile(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
    }

    private static func catalog(_ agents: [Agent], directory: String) throws(PolicyFileError) -> AgentCatalog {
        do throws(AgentError) {
            return try AgentCatalog(agents)
        } catch {
            throw PolicyFileError(.invalidValue, file: directory, error.message)
        }
    }
}
