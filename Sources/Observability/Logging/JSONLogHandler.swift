package import Logging
package import OrchCore

/// Takes one whole line, its newline included.
package typealias LogSink = @Sendable ([UInt8]) -> Void

/// Writes one JSON object a line: `time`, `level`, `logger`, `message`, `error` where there is one, and metadata.
///
/// A line is at most 16 KiB; one that was cut has `"truncated":true` and is still a whole object.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private static let closing = ",\"truncated\":true}\n"
    private let label: String
    private let includesSource: Bool
    private let sink: LogSink
    private let now: Now
    private let redact: Redact

    package init(
        label: String, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        includesSource: Bool = false, now: @escaping Now = wallClock, redact: @escaping Redact = { $0 },
        sink: @escaping LogSink
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
        self.includesSource = includesSource
        self.now = now
        self.redact = redact
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LogLine(closing: Self.closing.utf8.count + 1)
        line.append("{\"time\":\"")
        line.append(time: now())
        line.append("\",\"level\":\"")
        line.append(event.level.rawValue)
        line.append("\"")
        Self.append("logger", .text(label), maximum: LogLine.maximumValueLength, to: &line)
        Self.append(
            "message", .text(redact(event.message.description)), maximum: LogLine.maximumMessageLength, to: &line)
        if includesSource {
            Self.append("source", .text(event.source), maximum: LogLine.maximumValueLength, to: &line)
        }
        for field in LogFields.merged(metadata, metadataProvider, event, redact) {
            Self.append(field.key, field.value, maximum: LogLine.maximumValueLength, to: &line)
        }
        line.append(line.isTruncated ? Self.closing : "}\n")
        sink(line.bytes)
    }

    /// Appends a member, or, where not even a part of it fits, marks the line as cut.
    private static func append(_ key: String, _ value: LogField.Value, maximum: Int, to line: inout LogLine) {
        // The longest key, all of it escaped, and some of the value.
        guard line.hasRoom(for: 6 * LogFields.maximumKeyLength + 64) else { return line.markTruncated() }
        line.append(",\"")
        line.appendEscaped(key, quoted: true, maximum: 6 * LogFields.maximumKeyLength)
        line.append("\":")
        switch value {
        case .literal(let text): line.append(text)
        case .text(let text):
            line.append("\"")
            line.appendEscaped(text, quoted: true, maximum: maximum)
            line.append("\"")
        }
    }
}
