import Foundation
import OrchCore
import OrchTokens

/// Summaries of each meeting, each as long as one of its leads at most, as a line `[{"name","lead","text"}]`.
struct SummaryReport {
    let count: @Sendable (String) -> Int
    let embedders: [Embedder]

    func run(_ meetings: [Meeting]) async throws {
        let summarizers =
            [("words", ExtractiveSummarizer())]
            + embedders.map { ("words and \($0.name)", ExtractiveSummarizer(embed: $0.vectors, cache: VectorCache())) }
        for meeting in meetings {
            var writer = JSONWriter()
            writer.beginArray()
            for (place, lead) in meeting.leads.enumerated() {
                for (name, summarizer) in summarizers {
                    let summary = try await summarizer.summary(
                        of: meeting.turns.map(\.text), budget: count(lead), count: count)
                    writer.beginObject()
                    writer.member("name", name)
                    writer.member("lead", place)
                    writer.member("text", summary.text)
                    writer.member("tokens", summary.tokens)
                    writer.member("budget", count(lead))
                    writer.endObject()
                }
            }
            writer.endArray()
            print(String(decoding: writer.bytes, as: UTF8.self))
        }
    }
}
