/// The media types that model servers answer with; parameters such as the character set do not matter.
enum MediaType: Sendable, Equatable {
    case json, eventStream, lines, other

    init(_ contentType: String?) {
        // As nearly every server writes them.
        switch contentType {
        case "application/json": self = .json
        case "text/event-stream": self = .eventStream
        default: self.init(spelledOut: contentType)
        }
    }

    private init(spelledOut contentType: String?) {
        let essence = (contentType ?? "").prefix { $0 != ";" }
        let name = String(essence.filter { $0 != " " && $0 != "\t" }).lowercased()
        self =
            switch name {
            case "application/json": .json
            case "text/event-stream": .eventStream
            case "application/x-ndjson", "application/ndjson", "application/jsonl": .lines
            default: .other
            }
    }
}
