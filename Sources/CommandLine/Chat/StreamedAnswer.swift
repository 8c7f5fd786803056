import OrchCore

/// Reads the server-sent events of a chat answer, however they are cut.
struct StreamedAnswer {
    /// The longest event.
    static let maximumEventBytes = 8 * 1_048_576

    /// All text so far.
    private(set) var text = ""
    /// The message of the event that told of a failure.
    private(set) var failure: String?
    /// Whether the answer came to its end.
    private(set) var isComplete = false
    private var pending: [UInt8] = []

    /// Takes bytes and gives the text that came with them.
    mutating func take(_ bytes: [UInt8]) throws -> String {
        pending += bytes
        guard pending.count <= Self.maximumEventBytes else {
            throw CommandFailure(
                .malformedData, "an event of the answer is longer than \(Self.maximumEventBytes) bytes")
        }
        var new = ""
        while let line = takeLine() {
            guard line.starts(with: "data: ".utf8) else { continue }
            new += try read(Array(line.dropFirst(6)))
        }
        text += new
        return new
    }

    /// Our events are one line each; the empty line behind it says nothing.
    private mutating func takeLine() -> ArraySlice<UInt8>? {
        guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = pending[..<end]
        pending = Array(pending[(end + 1)...])
        return line
    }

    private mutating func read(_ data: [UInt8]) throws -> String {
        guard !data.elementsEqual("[DONE]".utf8) else {
            isComplete = true
            return ""
        }
        let event = try JSONDocument(parsing: data, limits: JSONLimits(allowsDuplicateKeys: true)).root
        if let error = event["error"], !error.isNull { failure = error["message"]?.string ?? "the answer broke off" }
        return event["choices"]?.elements.first { _ in true }?["delta"]?["content"]?.string ?? ""
    }
}
