import OrchCore
import OrchOrchestrator
import OrchRouting

/// Decides on texts, some at once, and gives the answers in the texts' order. Never are more texts in memory than are
/// under way or wait for an earlier one.
struct RoutingBatch: Sendable {
    /// What came of one text.
    struct Answer: Sendable {
        /// With its line feed.
        let line: [UInt8]
        /// Whether the embedder failed.
        let hasFailed: Bool
    }

    let router: RequestRouter
    /// How many texts are between the first that is under way and the last.
    let parallel: Int

    /// Hands over answers as they come, one or several at once. Those to the lines before a faulty one come, too.
    func run(_ lines: inout InputLines, _ write: ([Answer]) throws -> Void) async throws {
        var fault: (any Error)?
        var isAtEnd = false
        let router = router
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var (started, written) = (0, 0)
            var waiting: [Int: Answer] = [:]
            while true {
                while !isAtEnd, started - written < parallel {
                    do {
                        guard let text = try await Self.nextText(&lines) else {
                            isAtEnd = true
                            break
                        }
                        group.addTask { [started] in (started, Self.answer(await router.route(text))) }
                        started += 1
                    } catch {
                        (fault, isAtEnd) = (error, true)
                    }
                }
                guard let (place, answer) = try await group.next() else { break }
                waiting[place] = answer
                var answers: [Answer] = []
                while let next = waiting.removeValue(forKey: written) {
                    answers.append(next)
                    written += 1
                }
                if !answers.isEmpty { try write(answers) }
            }
        }
        if let fault { throw fault }
    }

    /// The text of the next line that is not empty; nil at the end. What is wrong is said without a word of it.
    private static func nextText(_ lines: inout InputLines) async throws -> String? {
        while let line = try await lines.next() {
            guard line.contains(where: { !isSpace($0) }) else { continue }
            let root: JSONNode
            do throws(JSONError) { root = try JSONDocument(parsing: Array(line)).root } catch {
                throw CommandFailure(
                    .malformedData, "line \(lines.number) is not valid JSON: \(error.reason) at column \(error.column)")
            }
            guard let text = root["text"]?.string else {
                throw CommandFailure(
                    .malformedData, #"line \#(lines.number) is not an object with a text: {"text": "…"}"#)
            }
            return text
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    static func answer(_ routed: Routed) -> Answer {
        let decision = routed.decision
        let evidence = decision.evidence
        let candidate = evidence.candidate
        var json = JSONWriter()
        json.beginObject()
        json.member("intent", orNull: candidate?.intentID)
        json.member("s", orNull: candidate?.similarity)
        json.member("confidence", orNull: candidate?.confidence)
        json.member("gap", orNull: candidate?.gap)
        json.member("runner_up", orNull: candidate?.runnerUp)
        json.member("outcome", outcome(decision))
        json.member("reason", evidence.absence?.rawValue ?? decision.reason)
        json.endObject()
        return Answer(line: json.bytes + [UInt8(ascii: "\n")], hasFailed: evidence.absence?.isFailure ?? false)
    }

    private static func outcome(_ decision: IntentDecision) -> String {
        if decision.outcome == .human { return "human" }
        return decision.intentID == nil ? "none" : "routed"
    }
}

extension SemanticAbsence {
    /// Whether another try may say more.
    var isFailure: Bool {
        switch self {
        case .embedderMissing, .embedderDown, .embedderSlow, .embedderBusy, .learning: true
        case .disabled, .noIntents, .emptyText, .tooLong: false
        }
    }
}

extension JSONWriter {
    /// A number, or null.
    mutating func member(_ key: String, orNull value: Double?) {
        self.key(key)
        if let value { number(value) } else { null() }
    }
}
