import Logging
import OrchCore

/// One member of a log line beside the fixed ones.
struct LogField: Equatable {
    enum Value: Equatable {
        case text(String)
        /// A number or boolean, as JSON writes it.
        case literal(String)
    }

    let key: String
    let value: Value

    func redacted(_ redact: Redact) -> LogField {
        guard case .text(let text) = value else { return self }
        return LogField(key: key, value: .text(redact(text)))
    }
}

/// Makes flat, sorted, redacted members of an event's metadata and error.
enum LogFields {
    static let maximumCount = 64
    static let maximumDepth = 4
    static let maximumKeyLength = 128
    /// The members that a handler writes itself; metadata of these names moves under `metadata.`.
    static let reserved: Set<String> = [
        "time", "level", "logger", "message", "source", "error", "error_message", "truncated",
    ]

    /// Metadata of the handler, then of the provider, then of the event; later ones win.
    ///
    /// - Parameter redact: What every text goes through.
    static func merged(
        _ base: Logger.Metadata, _ provider: Logger.MetadataProvider?, _ event: LogEvent, _ redact: Redact
    ) -> [LogField] {
        var metadata = base
        if let provided = provider?.get(), !provided.isEmpty { metadata.merge(provided) { $1 } }
        if let explicit = event.metadata, !explicit.isEmpty { metadata.merge(explicit) { $1 } }
        if metadata.isEmpty, event.error == nil { return [] }
        return (errorFields(event.error) + flattened(metadata)).map { $0.redacted(redact) }
    }

    /// The code and message of an error of ours, which are safe to show. Of any other only the type is: its
    /// description may hold anything.
    private static func errorFields(_ error: (any Error)?) -> [LogField] {
        guard let error else { return [] }
        guard let coded = error as? any CodedError else {
            return [LogField(key: "error", value: .text(String(describing: type(of: error))))]
        }
        return [
            LogField(key: "error", value: .text(coded.codeName)),
            LogField(key: "error_message", value: .text(coded.message)),
        ]
    }

    /// Members in the order of keys: `{"a": {"b": [1]}}` becomes `a.b.0`. Of two equal keys the first is kept.
    static func flattened(_ metadata: Logger.Metadata) -> [LogField] {
        var fields: [LogField] = []
        append(metadata, prefix: "", depth: 1, to: &fields)
        fields.sort { $0.key < $1.key }
        var last: String?
        fields.removeAll { field in
            defer { last = field.key }
            return field.key == last
        }
        return fields
    }

    private static func append(
        _ metadata: Logger.Metadata, prefix: String, depth: Int, to fields: inout [LogField]
    ) {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            if LogRedaction.isDenied(prefix + key) {
                add(prefix + key, .text(LogRedaction.replacement), to: &fields)
            } else {
                append(value, key: prefix + key, depth: depth, to: &fields)
            }
        }
    }

    private static func append(
        _ value: Logger.MetadataValue, key: String, depth: Int, to fields: inout [LogField]
    ) {
        switch value {
        case .string(let text): add(key, .text(text), to: &fields)
        case .stringConvertible(let value): add(key, literal(value), to: &fields)
        case .dictionary where depth >= maximumDepth, .array where depth >= maximumDepth:
            add(key, .text("[nested]"), to: &fields)
        case .dictionary(let members): append(members, prefix: key + ".", depth: depth + 1, to: &fields)
        case .array(let elements):
            for (index, element) in elements.prefix(maximumCount).enumerated() {
                append(element, key: "\(key).\(index)", depth: depth + 1, to: &fields)
            }
        }
    }

    private static func add(_ key: String, _ value: LogField.Value, to fields: inout [LogField]) {
        guard fields.count < maximumCount else { return }
        let key = reserved.contains(key) ? "metadata.\(key)" : key
        let isLong = key.utf8.count > maximumKeyLength
        let shown = isLong ? String(key.unicodeScalars.prefix(maximumKeyLength / 4)) : key
        fields.append(LogField(key: shown, value: value))
    }

    private static func literal(_ value: any CustomStringConvertible & Sendable) -> LogField.Value {
        switch value {
        case let number as Int: .literal(String(number))
        case let flag as Bool: .literal(flag ? "true" : "false")
        case let number as any FixedWidthInteger: .literal(String(describing: number))
        case let number as Double where number.isFinite: .literal(number.description)
        default: .text(value.description)
        }
    }
}
