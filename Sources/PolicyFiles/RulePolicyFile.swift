package import OrchCore
package import OrchRouting

/// The file of the rule router: `version`, `description`, `defaults`, `fragments`, `rules`, `analysis_request`.
package enum RulePolicyFile {
    /// Reads and compiles a policy, or throws the first fault with its line and, inside a rule, the rule's id.
    package static func load(
        _ path: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> Loaded<RuleRouter> {
        let bytes = try LocalFile.read(path)
        let router = try parse(bytes, file: LocalFile.name(of: path), compiler: compiler)
        return Loaded(router, policyHash: ContentHash.hexadecimal(of: bytes))
    }

    /// As ``load(_:compiler:)``, but where there is no file at all: a router without rules, and the problem that says so.
    package static func loadOrEmpty(
        _ path: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> (loaded: Loaded<RuleRouter>, problem: PolicyFileError?) {
        do throws(PolicyFileError) {
            return (try load(path, compiler: compiler), nil)
        } catch {
            guard error.code == .missingFile else { throw error }
            let problem = PolicyFileError(
                .missingFile, file: error.file, "there is no such file; nothing is routed by rules")
            return (Loaded(RuleRouter(), policyHash: ContentHash.hexadecimal(of: [])), problem)
        }
    }

    /// Compiles the policy that some bytes spell out.
    package static func parse(
        _ bytes: [UInt8], file: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> RuleRouter {
        let source = try RulePolicySource(YAMLReader.read(bytes, file: file), file: file)
        do throws(RoutingError) {
            return try RuleRouter(policy: source.policy, compiler: compiler)
        } catch {
            throw PolicyFileError(.invalidValue, file: file, at: source.position(of: error), error.message)
        }
    }

    /// Loads a policy and keeps it up to date with its file; see ``Watched``. Throws when the file is there but broken.
    package static func watch(
        _ path: String, compiler: any PatternCompiler, every interval: Duration, clock: any Clock<Duration>,
        onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) throws(PolicyFileError) -> Watched<RuleRouter> {
        let (loaded, problem) = try loadOrEmpty(path, compiler: compiler)
        let source = WatchedSource<RuleRouter>(
            fingerprint: { FileFingerprint(ofFile: path) },
            load: { () throws(PolicyFileError) in try load(path, compiler: compiler) })
        return Watched(
            loaded, problem: problem, source: source, every: interval, clock: clock, onEvent: onEvent)
    }
}
