import OrchCore
package import OrchRouting

/// The file of the golden cases: `version`, `description`, `cases` (`id`, `text` or `repeat`, `agent`, `tags`, `expect`,
/// `shadow`).
package enum GoldenCaseFile {
    /// Reads cases, or throws the first fault with its place.
    package static func load(_ path: String) throws(PolicyFileError) -> Loaded<[GoldenCase]> {
        let bytes = try LocalFile.read(path)
        let cases = try parse(bytes, file: LocalFile.name(of: path))
        return Loaded(cases, policyHash: ContentHash.hexadecimal(of: bytes))
    }

    /// The cases that some bytes spell out, in their order.
    package static func parse(_ bytes: [UInt8], file: String) throws(PolicyFileError) -> [GoldenCase] {
        let top = try YAMLMapping(
            YAMLReader.read(bytes, file: file), file: file, keys: ["version", "description", "cases"])
        guard try top.required("version", top.spelling("version")) == "1" else {
            throw PolicyFileError(.invalidValue, file: file, at: top.value("version")?.position, "`version` is not 1")
        }
        _ = try top.string("description")
        var cases: [GoldenCase] = []
        var ids: Set<String> = []
        for node in try top.required("cases", top.sequence("cases")) {
            let mapping = try YAMLMapping(
                node, file: file, keys: ["id", "text", "repeat", "agent", "tags", "expect", "shadow"])
            let id = try mapping.name("id")
            guard ids.insert(id).inserted else {
                throw PolicyFileError(
                    .invalidValue, file: file, at: node.position, "an earlier case has the id \(Quoted(id))")
            }
            cases.append(
                GoldenCase(
                    id: id, text: try text(mapping), agent: try name(mapping, "agent"), tags: try tags(mapping),
                    expected: try expectation(mapping), isShadowed: try mapping.bool("shadow") ?? false))
        }
        return cases
    }

    /// Of `text` or of `repeat`, of which exactly one has to be there.
    private static func text(_ mapping: YAMLMapping) throws(PolicyFileError) -> GoldenText {
        let file = mapping.file
        switch (try mapping.string("text"), mapping.value("repeat")) {
        case (let text?, nil):
            return GoldenText(text)
        case (nil, let node?):
            let repetition = try YAMLMapping(node, file: file, keys: ["text", "count"])
            let unit = try repetition.required("text", repetition.string("text"))
            let count = try repetition.required("count", repetition.count("count"))
            guard !unit.isEmpty, count > 0, count <= GoldenText.maximumBytes / unit.utf8.count else {
                throw PolicyFileError(
                    .invalidValue, file: file, at: node.position,
                    "`repeat` does not give a text of 1 to \(GoldenText.maximumBytes) bytes")
            }
            return GoldenText(unit, count: count)
        case (nil, nil):
            throw PolicyFileError(
                .missingKey, file: file, at: mapping.position, "the key `text` or `repeat` is missing")
        case (_?, _?):
            throw PolicyFileError(.invalidValue, file: file, at: mapping.position, "there are both `text` and `repeat`")
        }
    }

    private static func tags(_ mapping: YAMLMapping) throws(PolicyFileError) -> [String] {
        var tags: [String] = []
        for node in try mapping.sequence("tags") ?? [] {
            let tag = try node.name(file: mapping.file)
            guard !tags.contains(tag) else {
                throw PolicyFileError(
                    .invalidValue, file: mapping.file, at: node.position, "the tag \(Quoted(tag)) comes twice")
            }
            tags.append(tag)
        }
        return tags
    }

    private static func expectation(_ mapping: YAMLMapping) throws(PolicyFileError) -> GoldenExpectation {
        let file = mapping.file
        let expect = try YAMLMapping(
            mapping.required("expect", mapping.value("expect")), file: file,
            keys: ["outcome", "tool", "intent", "reason", "tier", "params"])
        let word = try expect.name("outcome")
        guard let outcome = IntentDecision.Outcome(rawValue: word) else {
            let known = IntentDecision.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw PolicyFileError(
                .invalidValue, file: file, at: expect.value("outcome")?.position, "`outcome` must be one of \(known)")
        }
        let tier = try expect.count("tier")
        guard (0...3).contains(tier ?? 0) else {
            throw PolicyFileError(
                .invalidValue, file: file, at: expect.value("tier")?.position, "`tier` must be 0 to 3")
        }
        if outcome == .model || outcome == .denied {
            for key in ["tool", "params"] {
                guard let node = expect.value(key) else { continue }
                throw PolicyFileError(
                    .invalidValue, file: file, at: node.position, "where the outcome is \(word) there is no `\(key)`")
            }
        }
        return GoldenExpectation(
            outcome: outcome, tool: try name(expect, "tool"), intent: try name(expect, "intent"),
            reason: try name(expect, "reason"), tier: tier, params: try expect.object("params"))
    }

    /// Text that is not empty, where the key is there.
    private static func name(_ mapping: YAMLMapping, _ key: String) throws(PolicyFileError) -> String? {
        try mapping.value(key)?.name(file: mapping.file)
    }
}
