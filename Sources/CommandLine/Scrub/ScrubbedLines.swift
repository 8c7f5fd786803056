import OrchCore
import OrchPrivacy

/// Lines of JSON: for each `{"text"}` its findings, and the text without them.
struct ScrubbedLines: ScrubOutput {
    /// The longest line, without its line feed.
    static let maximumBytes = 16_777_216

    private let scrubber: Scrubber
    private let maximumBytes: Int
    /// What has come of the line that is not at its end.
    private var line: [UInt8] = []
    /// The lines in front of that one.
    private var count = 0

    init(_ scrubber: Scrubber, maximumBytes: Int = maximumBytes) {
        self.scrubber = scrubber
        self.maximumBytes = maximumBytes
    }

    mutating func push(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) throws {
        var rest = piece[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try append(rest[..<end])
            try endLine(into: &output)
            rest = rest[(end + 1)...]
        }
        try append(rest)
    }

    /// The last line may be without a line feed.
    mutating func finish(into output: inout [UInt8]) throws {
        if !line.isEmpty { try endLine(into: &output) }
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) throws {
        guard line.count + bytes.count <= maximumBytes else {
            throw CommandFailure(.malformedData, "line \(count + 1) is longer than \(maximumBytes) bytes")
        }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine(into output: inout [UInt8]) throws {
        write(try text(), to: &output)
        line = []
        count += 1
    }

    /// The text of the line. What is wrong is said without a word of it.
    private func text() throws -> String {
        let root: JSONNode
        do { root = try JSONDocument(parsing: line).root } catch {
            throw CommandFailure(
                .malformedData, "line \(count + 1) is not valid JSON: \(error.reason) at column \(error.column)")
        }
        guard let text = root["text"]?.string else {
            throw CommandFailure(.malformedData, #"line \#(count + 1) is not an object with a text: {"text": "…"}"#)
        }
        return text
    }

    private func write(_ text: String, to output: inout [UInt8]) {
        let bytes = Array(text.utf8)
        let findings = scrubber.findings(in: bytes)
        let ranges = bytes.withUnsafeBytes { ScalarOffsets.ranges(of: findings, in: $0) }
        var writer = JSONWriter(capacity: bytes.count + 64 * (findings.count + 1))
        writer.beginObject()
        writer.key("findings")
        writer.beginArray()
        for (finding, range) in zip(findings, ranges) {
            writer.beginObject()
            writer.member("id", finding.id)
            writer.member("start", range.lowerBound)
            writer.member("end", range.upperBound)
            writer.key("confidence")
            writer.number(finding.confidence)
            writer.endObject()
        }
        writer.endArray()
        writer.member("text", String(decoding: scrubber.replace(findings, in: bytes), as: UTF8.self))
        writer.endObject()
        output.append(contentsOf: writer.bytes)
        output.append(UInt8(ascii: "\n"))
    }
}
