import OrchCore
import OrchReceipts

/// Reads all traces, page by page, so that what is held does not grow with their number.
struct TraceExport {
    static let pageSize = 200

    let reader: any TraceReader
    /// nil: from the first one on.
    let since: Timestamp?

    /// Hands over each trace as one line of JSON, with how many there were by then.
    func run(_ take: (_ line: String, _ count: Int) async throws -> Void) async throws {
        var before: TraceID?
        var count = 0
        while true {
            let page = try await reader.traces(limit: Self.pageSize, before: before)
            for head in page {
                if let since, head.createdAt < since {
                    // Identities sort by millisecond; within one of them an earlier trace may come first.
                    guard head.createdAt.microseconds / 1000 == since.microseconds / 1000 else { return }
                    continue
                }
                // Gone since the page was read.
                guard let trace = try await reader.trace(head.id) else { continue }
                count += 1
                try await take(TraceReport(trace: trace).json, count)
            }
            guard page.count == Self.pageSize, let last = page.last else { return }
            before = last.id
        }
    }
}
