import OrchCore
import OrchRouting

/// Intents as they stand in their file, with the places of their parts.
struct IntentFileSource {
    private struct Place {
        let intent: SourcePosition
        var examples: [SourcePosition]
    }

    private var intents: [Intent] = []
    private var places: [Place] = []

    /// Of YAML.
    init(_ root: YAMLNode, file: String) throws(PolicyFileError) {
        let top = try YAMLMapping(root, file: file, keys: ["version", "description", "intents"])
        guard try top.required("version", top.spelling("version")) == "1" else {
            throw PolicyFileError(.invalidValue, file: file, at: top.value("version")?.position, "`version` is not 1")
        }
        _ = try top.string("description")
        for node in try top.required("intents", top.sequence("intents")) {
            let (intent, examples) = try Self.intent(node, file: file)
            intents.append(intent)
            places.append(Place(intent: node.position, examples: examples))
        }
    }

    /// Of JSON Lines: the intents in the order in which they come first.
    init(lines bytes: [UInt8], file: String) throws(PolicyFileError) {
        var indices: [String: Int] = [:]
        try IntentFileLine.read(bytes, file: file) { line in
            if let index = indices[line.intent] {
                intents[index].examples.append(line.text)
                places[index].examples.append(line.textPosition)
            } else {
                indices[line.intent] = intents.count
                intents.append(Intent(id: line.intent, examples: [line.text]))
                places.append(Place(intent: line.intentPosition, examples: [line.textPosition]))
            }
        }
        guard !intents.isEmpty else { throw PolicyFileError(.invalidValue, file: file, "the file holds no example") }
    }

    /// The intents, checked against each other.
    func catalog(file: String) throws(PolicyFileError) -> IntentCatalog {
        do throws(IntentError) {
            return try IntentCatalog(intents)
        } catch {
            // What there is too much of in all is no one intent's fault.
            guard error.code != .tooMany else {
                throw PolicyFileError(.tooComplex, file: file, at: position(of: error), error.reason)
            }
            let id = intents.indices.contains(error.place) ? intents[error.place].id : ""
            throw PolicyFileError(
                .invalidValue, file: file, at: position(of: error), "intent \(Quoted(id)): \(error.reason)")
        }
    }

    private func position(of error: IntentError) -> SourcePosition? {
        guard places.indices.contains(error.place) else { return nil }
        let place = places[error.place]
        guard let example = error.example, place.examples.indices.contains(example) else { return place.intent }
        return place.examples[example]
    }

    private static func intent(
        _ node: YAMLNode, file: String
    ) throws(PolicyFileError) -> (intent: Intent, examples: [SourcePosition]) {
        let keys = ["id", "description", "tool", "params", "examples", "min_confidence", "min_gap", "enabled"]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        var intent = Intent(
            id: try mapping.name("id"), description: try mapping.string("description") ?? "",
            tool: mapping.value("tool") == nil ? nil : try mapping.name("tool"),
            params: try mapping.object("params") ?? JSONObject(),
            minimumConfidence: try mapping.ratio("min_confidence"), minimumGap: try mapping.ratio("min_gap"),
            isEnabled: try mapping.bool("enabled") ?? true)
        var positions: [SourcePosition] = []
        for node in try mapping.sequence("examples") ?? [] {
            intent.examples.append(try node.string(file: file))
            positions.append(node.position)
        }
        return (intent, positions)
    }
}
