import OrchCore
import OrchPolicyFiles
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools

/// Something that requests have done for them.
struct Part {
    let name: String
    let what: String
    /// That it works on, where a rate means something.
    var bytes: Int?
    let run: () async throws -> Void

    static func all() throws -> [Part] {
        let body = Sample.body(messages: 8, wordsPerMessage: 60)
        let value = try JSONValue(parsing: body)
        let router = try RulePolicyFile.load("config/router_policy.yaml", compiler: RE2Compiler()).value
        let question = "Why does the monthly report take so long, and what would you measure first?"
        let path = try Path(router: router)
        let policy = try PolicySample()
        let names = Counter()
        let counter = try Vocabularies.catalog().counter(for: "")
        let text = Sample.text(words: 60)
        return [
            Part(name: "scan", what: "JSON: scan a chat body of \(body.count) bytes", bytes: body.count) {
                keep(try JSONDocument(parsing: body).root.range.count)
            },
            Part(name: "decode", what: "JSON: decode it to values", bytes: body.count) {
                keep(try JSONValue(parsing: body).kind.hashValue)
            },
            Part(name: "write", what: "JSON: write it", bytes: body.count) { keep(value.serialized.count) },
            Part(name: "canonical", what: "JSON: write it canonically (RFC 8785)", bytes: body.count) {
                keep(value.canonical.count)
            },
            Part(name: "rules", what: "route: a question that no rule takes") {
                keep(router.decide(question).reason.utf8.count)
            },
            Part(name: "rule", what: "route: a calculation") {
                keep(router.decide("calculate 12.5 * (3 + 4)").reason.utf8.count)
            },
            Part(name: "calc", what: "safe_calc: 12.5 * (3 + 4)") {
                keep(try Calculator().evaluate("12.5 * (3 + 4)").utf8.count)
            },
            Part(name: "policy", what: "the tool policy: a decision of 200 rules") { keep(policy.decide() ? 1 : 0) },
            Part(name: "policy-new", what: "the same about a name that was never asked about") {
                keep(policy.decideNewName(&names.value) ? 1 : 0)
            },
            Part(name: "tokens", what: "count a text of \(text.utf8.count) bytes by o200k_base", bytes: text.utf8.count)
            {
                keep(counter.tokens(of: text))
            },
            Part(name: "entry", what: "a receipt's stored form, its leaf and hashes") {
                keep(Sample.entry().leaf?.bytes.count ?? 0)
            },
            Part(name: "chat", what: "a chat from its body to its answer, model and log aside") {
                keep(try await path.answer(path.chat))
            },
            Part(name: "stream", what: "the same as a stream of \(Path.tokens) tokens") {
                keep(try await path.answer(path.stream))
            },
            Part(name: "tool", what: "a calculation from its body to its answer, log aside") {
                keep(try await path.answer(path.calculation))
            },
        ]
    }

    private final class Counter {
        var value = 0
    }

    /// Something that depends on the result, so that it is not left out.
    private static func keep(_ result: Int) { precondition(result != Int.min) }
}
