package import OrchRouting

/// The file of the intents. YAML: `version`, `description`, `intents` (`id`, `description`, `tool`, `params`, `examples`,
/// `min_confidence`, `min_gap`, `enabled`). Or JSON Lines: on each line `text`, an example, and `intent`, whose it is.
///
/// The ending of the name says which of the two it is.
package enum IntentFile {
    private enum Format { case yaml, lines }

    /// Reads intents, or throws the first fault with its place.
    package static func load(_ path: String) throws(PolicyFileError) -> Loaded<IntentCatalog> {
        let file = LocalFile.name(of: path)
        let format = try format(of: file)
        let bytes = try LocalFile.read(path, size: .intents)
        return Loaded(
            try parse(bytes, file: file, as: format), policyHash: ContentHash.hexadecimal(of: bytes))
    }

    /// As ``load(_:)``, but where there is no file at all: no intents, and the problem that says so.
    package static func loadOrEmpty(
        _ path: String
    ) throws(PolicyFileError) -> (loaded: Loaded<IntentCatalog>, problem: PolicyFileError?) {
        do throws(PolicyFileError) {
            return (try load(path), nil)
        } catch {
            guard error.code == .missingFile else { throw error }
            let problem = PolicyFileError(.missingFile, file: error.file, "there is no such file; no intent is known")
            return (Loaded(IntentCatalog(), policyHash: ContentHash.hexadecimal(of: [])), problem)
        }
    }

    private static func loadOrEmpty(
        _ path: String, toleratesFaults: Bool
    ) throws(PolicyFileError) -> (loaded: Loaded<IntentCatalog>, problem: PolicyFileError?) {
        do throws(PolicyFileError) {
            return try loadOrEmpty(path)
        } catch {
            guard toleratesFaults else { throw error }
            return (Loaded(IntentCatalog(), policyHash: ContentHash.hexadecimal(of: [])), error)
        }
    }

    /// The intents that some bytes spell out.
    package static func parse(_ bytes: [UInt8], file: String) throws(PolicyFileError) -> IntentCatalog {
        try parse(bytes, file: file, as: format(of: file))
    }

    /// Loads intents and keeps them up to date with their file; see ``Watched``. Throws when the file is there but broken.
    ///
    /// - Parameter toleratesFaults: A broken file is a problem and no intents, and nothing is thrown.
    package static func watch(
        _ path: String, toleratesFaults: Bool = false, every interval: Duration, clock: any Clock<Duration>,
        onEvent: @escaping @Sendable (WatchEvent) -> Void
    ) throws(PolicyFileError) -> Watched<IntentCatalog> {
        let (loaded, problem) = try loadOrEmpty(path, toleratesFaults: toleratesFaults)
        let source = WatchedSource<IntentCatalog>(
            fingerprint: { FileFingerprint(ofFile: path) }, load: { () throws(PolicyFileError) in try load(path) })
        return Watched(loaded, problem: problem, source: source, every: interval, clock: clock, onEvent: onEvent)
    }

    private static func parse(
        _ bytes: [UInt8], file: String, as format: Format
    ) throws(PolicyFileError) -> IntentCatalog {
        let source =
            switch format {
            case .yaml: try IntentFileSource(YAMLReader.read(bytes, file: file, size: .intents), file: file)
            case .lines: try IntentFileSource(lines: bytes, file: file)
            }
        return try source.catalog(file: file)
    }

    private static func format(of file: String) throws(PolicyFileError) -> Format {
        let name = file.lowercased()
        if name.hasSuffix(".jsonl") { return .lines }
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
            throw PolicyFileError(
                .unreadableFile, file: file, "the name of a file of intents ends in .yaml, .yml or .jsonl")
        }
        return .yaml
    }
}
