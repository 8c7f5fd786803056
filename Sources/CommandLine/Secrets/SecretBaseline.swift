import OrchCore

/// Findings that somebody has looked at and let stand: examples, tests, keys that were changed long ago.
///
/// A file of JSON, sorted, with a line for each, so that a change of it reads well. It names no secret.
struct SecretBaseline: Equatable {
    static let fileName = ".orch-secrets-baseline.json"
    static let maximumBytes = 64 << 20
    private static let version = 1

    struct Entry: Equatable, Comparable {
        let detector: String
        let fingerprint: Fingerprint
        /// Where it stood when it was listed, for people: a secret that is let stand is so wherever it stands.
        let path: String?

        static func < (one: Entry, other: Entry) -> Bool {
            (one.path ?? "", one.detector, one.fingerprint.text)
                < (other.path ?? "", other.detector, other.fingerprint.text)
        }
    }

    private(set) var entries: [Entry] = []

    /// The baseline that lets all of these stand.
    init(_ found: [SecretFindings.Found]) {
        var seen: Set<String> = []
        entries = found.filter { seen.insert($0.leak.detector + $0.leak.fingerprint.text).inserted }
            .map { Entry(detector: $0.leak.detector, fingerprint: $0.leak.fingerprint, path: $0.path) }.sorted()
    }

    /// - Throws: ``CommandFailure`` where the text is not a baseline.
    init(parsing text: [UInt8]) throws {
        let root: JSONNode
        do { root = try JSONDocument(parsing: text).root } catch {
            throw CommandFailure(.malformedData, "the baseline is not valid JSON: \(error.message)")
        }
        guard let version = root["version"]?.int, let list = root["findings"], list.kind == .array else {
            throw Self.malformed("it has no version and findings")
        }
        guard version == Self.version else { throw Self.malformed("its version is \(version), not \(Self.version)") }
        for (place, node) in list.elements.enumerated() {
            guard let detector = node["detector"]?.string,
                let fingerprint = node["fingerprint"]?.string.flatMap({ Fingerprint($0) })
            else { throw Self.malformed("finding \(place + 1) has no detector and fingerprint") }
            entries.append(Entry(detector: detector, fingerprint: fingerprint, path: node["path"]?.string))
        }
    }

    func holds(_ leak: Leak) -> Bool {
        entries.contains { $0.detector == leak.detector && $0.fingerprint == leak.fingerprint }
    }

    /// Entries of which nothing was found.
    func gone(_ found: [SecretFindings.Found]) -> [Entry] {
        let there = Set(found.map { $0.leak.detector + $0.leak.fingerprint.text })
        return entries.filter { !there.contains($0.detector + $0.fingerprint.text) }
    }

    var text: String {
        let lines = entries.map { entry in
            let value: JSONValue = [
                "detector": .string(entry.detector), "fingerprint": .string(entry.fingerprint.text),
                "path": .text(entry.path),
            ]
            return "    " + String(decoding: value.serialized, as: UTF8.self)
        }
        let list = lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n  "
        return "{\n  \"version\": \(Self.version),\n  \"findings\": [\(list)]\n}\n"
    }

    private static func malformed(_ reason: String) -> CommandFailure {
        CommandFailure(.malformedData, "the baseline is not in its form: \(reason)")
    }
}
