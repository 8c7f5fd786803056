package import Logging
package import OrchCore

/// Writes lines for people: `2026-01-31T12:00:00.000Z INFO orch.server: message key=value other="two words"`.
///
/// A line is at most 16 KiB; one that was cut ends in `…`.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private static let closing = "…\n"
    private let label: String
    private let sink: LogSink
    private let now: Now
    private let redact: Redact

    package init(
        label: String, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping Now = wallClock, redact: @escaping Redact = { $0 },
        sink: @escaping LogSink
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
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
        line.append(time: now())
        line.append(" ")
        line.append(event.level.rawValue.uppercased())
        line.append(" ")
        line.appendEscaped(label, quoted: false, maximum: LogLine.maximumValueLength)
        line.append(": ")
        line.appendEscaped(redact(event.message.description), quoted: false, maximum: LogLine.maximumMessageLength)
        for field in LogFields.merged(metadata, metadataProvider, event, redact) { Self.append(field, to: &line) }
        line.append(line.isTruncated ? Self.closing : "\n")
        sink(line.bytes)
    }

    private static func append(_ field: LogField, to line: inout LogLine) {
        guard line.hasRoom(for: 6 * LogFields.maximumKeyLength + 64) else { return line.markTruncated() }
        line.append(" ")
        appendWord(field.key, maximum: 6 * LogFields.maximumKeyLength, to: &line)
        line.append("=")
        switch field.value {
        case .literal(let text): line.append(text)
        case .text(let text): appendWord(text, maximum: LogLine.maximumValueLength, to: &line)
        }
    }

    /// Text in quotation marks unless it is one plain word.
    private static func appendWord(_ text: String, maximum: Int, to line: inout LogLine) {
        let isWord = text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
        if isWord, !text.isEmpty { return line.appendEscaped(text, quoted: false, maximum: maximum) }
        line.append("\"")
        line.appendEscaped(text, quoted: true, maximum: maximum)
        line.append("\"")
    }
}
