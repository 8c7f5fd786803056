import OrchCore
import OrchPrivacy
import OrchProviders

/// One choice of a stream on its way through a guard.
struct GuardedChoice {
    /// Kinds of text that one choice may have: what it says, thinks, refuses, and names that servers gave to these.
    private static let maximumTexts = 8

    private let outputGuard: OutputGuard
    private var texts: [GuardedText] = []
    private var calls = HeldCalls()
    private var isEnded = false
    private(set) var isBlocked = false
    /// Choices of chunks that may leave.
    private var written: [[UInt8]] = []

    init(_ outputGuard: OutputGuard) {
        self.outputGuard = outputGuard
    }

    /// What may leave by now, each the choice of one chunk.
    mutating func takeWritten() -> [[UInt8]] {
        defer { written = [] }
        return written
    }

    mutating func take(_ choice: JSONNode, _ index: Int, _ report: inout GuardReport) throws(ProviderError) {
        guard !isEnded else { return }
        var role: String?
        var out: [(key: String, text: String)] = []
        for member in choice["delta"].map({ Array($0.members) }) ?? [] {
            switch (member.key, member.value.kind) {
            case ("role", .string): role = member.value.string
            case ("tool_calls", .array): try calls.take(member.value)
            case ("function_call", .object): try calls.take(function: member.value)
            case (let key, .string):
                if let text = try push(member.value.string ?? "", to: key, &report) { out.append((key, text)) }
            default: continue
            }
            if isBlocked { break }
        }
        if role != nil || !out.isEmpty { writeDelta(index, role: role, out) }
        if isBlocked { return end(index, "content_filter") }
        guard let reason = choice["finish_reason"]?.string else { return }
        finish(index, &report)
        if !isEnded { end(index, reason) }
    }

    /// Gives what is held.
    mutating func finish(_ index: Int, _ report: inout GuardReport) {
        guard !isEnded else { return }
        var out: [(key: String, text: String)] = []
        for place in texts.indices {
            let text = texts[place].finish(outputGuard.action, &report, &isBlocked)
            if !text.isEmpty { out.append((texts[place].key, text)) }
            if isBlocked { break }
        }
        var held: JSONObject?
        if !isBlocked, !calls.isEmpty {
            var found = GuardReport()
            held = outputGuard.clean(.object(calls.delta), &found).objectValue
            if !found.isEmpty, outputGuard.action == .block {
                isBlocked = true
                held = nil
            }
            report.add(found)
            calls = HeldCalls()
        }
        if !out.isEmpty || held != nil { writeDelta(index, role: nil, out, held) }
        if isBlocked {
            report.isBlocked = true
            end(index, "content_filter")
        }
    }

    /// What may leave of a text when its next piece has come; nil where that is nothing.
    private mutating func push(
        _ piece: String, to key: String, _ report: inout GuardReport
    ) throws(ProviderError) -> String? {
        var place = texts.firstIndex { $0.key == key }
        if place == nil {
            guard texts.count < Self.maximumTexts else {
                throw ProviderError(.malformedAnswer, "the model server's answer has too many kinds of text")
            }
            place = texts.count
            texts.append(GuardedText(key, outputGuard.scrubber))
        }
        guard let place else { return nil }
        let text = texts[place].push(piece, outputGuard.action, &report, &isBlocked)
        if isBlocked { report.isBlocked = true }
        return text.isEmpty ? nil : text
    }

    private mutating func writeDelta(
        _ index: Int, role: String?, _ texts: [(key: String, text: String)], _ held: JSONObject? = nil
    ) {
        var delta = JSONObject()
        if let role { delta["role"] = .string(role) }
        for (key, text) in texts { delta[key] = .string(text) }
        for member in held?.members ?? [] { delta[member.key] = member.value }
        write(index, delta, finishReason: .null)
    }

    private mutating func end(_ index: Int, _ reason: String) {
        isEnded = true
        write(index, JSONObject(), finishReason: .string(reason))
    }

    private mutating func write(_ index: Int, _ delta: JSONObject, finishReason: JSONValue) {
        written.append(
            JSONValue.object([
                "index": .integer(index), "delta": .object(delta), "logprobs": .null, "finish_reason": finishReason,
            ]).serialized)
    }
}

/// One text of a choice, as it comes.
private struct GuardedText {
    let key: String
    private var scrubber: StreamingScrubber
    /// Bytes of the text in front of the next that leaves. Nothing was replaced in them where a guard blocks.
    private var given = 0
    /// The beginning of a character whose end is held back.
    private var partial: [UInt8] = []

    init(_ key: String, _ scrubber: Scrubber) {
        self.key = key
        self.scrubber = StreamingScrubber(scrubber)
    }

    mutating func push(
        _ piece: String, _ action: OutputGuard.Action, _ report: inout GuardReport, _ isBlocked: inout Bool
    ) -> String {
        var out: [UInt8] = []
        scrubber.push(Array(piece.utf8), into: &out)
        return take(out, action, &report, &isBlocked)
    }

    mutating func finish(
        _ action: OutputGuard.Action, _ report: inout GuardReport, _ isBlocked: inout Bool
    ) -> String {
        var out: [UInt8] = []
        scrubber.finish(into: &out)
        return take(out, action, &report, &isBlocked)
    }

    private mutating func take(
        _ out: [UInt8], _ action: OutputGuard.Action, _ report: inout GuardReport, _ isBlocked: inout Bool
    ) -> String {
        let findings = scrubber.takeFindings()
        report.add(findings)
        var bytes = partial
        if let first = findings.first, action == .block {
            isBlocked = true
            bytes += out.prefix(max(0, first.range.lowerBound - given))
        } else {
            bytes += out
        }
        given += out.count
        let end = bytes.endOfCharacters
        partial = Array(bytes[end...])
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Where the last whole character of valid UTF-8 ends.
    fileprivate var endOfCharacters: Int {
        var start = count
        for _ in 0..<Swift.min(4, count) {
            start -= 1
            let byte = self[start]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            return start + length <= count ? count : start
        }
        return count
    }
}
