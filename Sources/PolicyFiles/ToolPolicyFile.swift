package import OrchCore
package import OrchPolicy
import OrchTools

/// The file of the tool policy: `policy`, `rules`, `intents`.
package enum ToolPolicyFile {
    /// Reads and compiles a policy, or throws the first fault with its line.
    ///
    /// - Parameter isEnforced: Is part of the hash: SHA-256 of the file's bytes, then `|enforce=` and 0 or 1.
    package static func load(
        _ path: String, isEnforced: Bool, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> Loaded<PolicyEngine?> {
        let bytes = try LocalFile.read(path)
        let engine = try parse(bytes, file: LocalFile.name(of: path), compiler: compiler)
        return Loaded(engine, policyHash: hash(of: bytes, isEnforced: isEnforced))
    }

    package static func hash(of bytes: [UInt8], isEnforced: Bool) -> String {
        ContentHash.hexadecimal(of: bytes + Array("|enforce=\(isEnforced ? 1 : 0)".utf8))
    }

    /// Compiles the policy that some bytes spell out.
    package static func parse(
        _ bytes: [UInt8], file: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> PolicyEngine {
        let source = try ToolPolicySource(YAMLReader.read(bytes, file: file), file: file)
        let schemas: SchemaCompiling = { schema in
            let compiled = try ArgumentSchema(schema, patterns: compiler)
            return { compiled.violation(in: .object($0)) == nil }
        }
        do throws(PolicyError) {
            return try PolicyEngine(policy: source.policy, compiler: compiler, schemas: schemas)
        } catch {
            throw PolicyFileError(.invalidValue, file: file, at: source.position(of: error.place), error.message)
        }
    }

    /// Loads a policy and keeps it up to date with its file; see ``Watched``. Where there is no file there is no policy.
    ///
    /// - Parameter toleratesFaults: Whether a broken file is no policy either; else it is thrown.
    package static func watch(
        _ path: String, isEnforced: Bool, toleratesFaults: Bool = false, compiler: any PatternCompiler,
        every interval: Duration, clock: any Clock<Duration>, onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) throws(PolicyFileError) -> Watched<PolicyEngine?> {
        let (loaded, problem): (Loaded<PolicyEngine?>, PolicyFileError?)
        do throws(PolicyFileError) {
            (loaded, problem) = (try load(path, isEnforced: isEnforced, compiler: compiler), nil)
        } catch {
            guard error.code == .missingFile || toleratesFaults else { throw error }
            let effect = isEnforced ? "no tool runs" : "nothing is recorded of what it would deny"
            (loaded, problem) = (
                Loaded(nil, policyHash: hash(of: [], isEnforced: isEnforced)),
                error.code == .missingFile
                    ? PolicyFileError(.missingFile, file: error.file, "there is no such file; \(effect)") : error
            )
        }
        let source = WatchedSource<PolicyEngine?>(
            fingerprint: { FileFingerprint(ofFile: path) },
            load: { () throws(PolicyFileError) in try load(path, isEnforced: isEnforced, compiler: compiler) })
        return Watched(loaded, problem: problem, source: source, every: interval, clock: clock, onEvent: onEvent)
    }
}
