import OrchCore
import OrchReceipts

/// Judges all traces, page by page, so that what is held does not grow with their number.
struct AuditSweep {
    static let pageSize = 200

    let traces: any TraceReader
    let judge: TraceJudge

    /// - Parameter progress: Told how many traces are done.
    func run(_ progress: (_ count: Int) throws -> Void) async throws -> SweepReport {
        var report = SweepReport()
        var before: TraceID?
        while true {
            let page = try await page(before)
            for head in page {
                try await judge(head, into: &report)
                try progress(report.count)
            }
            guard page.count == Self.pageSize, let last = page.last else { return report }
            before = last.id
        }
    }

    private func page(_ before: TraceID?) async throws -> [Trace] {
        do throws(ReceiptError) {
            return try await traces.traces(limit: Self.pageSize, before: before)
        } catch {
            guard error.code == .unreadable else { throw error }
            throw CommandFailure(.malformedData, "\(error.message): orch audit fsck says which")
        }
    }

    private func judge(_ head: Trace, into report: inout SweepReport) async throws {
        let verdict: TraceVerdict?
        do {
            verdict = try await judge.verdict(on: head.id)
        } catch let error as ReceiptError where error.code == .unreadable {
            return report.add(unreadable: head.id, error.message)
        }
        // Gone since the page was read.
        guard let verdict else { return }
        let isOpen = verdict.log == nil && head.metadata["status"]?.stringValue == TraceStatus.open.rawValue
        if isOpen { report.addOpen() } else { report.add(verdict) }
    }
}

/// What `orch audit verify --all` says.
struct SweepReport {
    /// Traces that are named; more are counted.
    static let maximumFaults = 20

    struct Fault: Equatable {
        var traceID: TraceID
        var reason: String
        var message: String
    }

    private(set) var count = 0
    private(set) var open = 0
    /// Traces about which nothing can be said, since the log does not read.
    private(set) var unreadable = 0
    private(set) var reasons: [TraceVerdict.Reason: Int] = [:]
    /// The first ones that are not valid.
    private(set) var faults: [Fault] = []

    var isValid: Bool { faults.isEmpty }
    private var faultCount: Int { count - open - (reasons[.verified] ?? 0) }

    mutating func addOpen() {
        count += 1
        open += 1
    }

    mutating func add(_ verdict: TraceVerdict) {
        count += 1
        reasons[verdict.reason, default: 0] += 1
        guard !verdict.isValid else { return }
        add(
            Fault(
                traceID: verdict.traceID, reason: verdict.reason.rawValue,
                message: VerdictReport(verdict: verdict).explanation))
    }

    mutating func add(unreadable trace: TraceID, _ message: String) {
        count += 1
        unreadable += 1
        add(Fault(traceID: trace, reason: Self.unreadableWord, message: message))
    }

    private mutating func add(_ fault: Fault) {
        if faults.count < Self.maximumFaults { faults.append(fault) }
    }

    private static let unreadableWord = "unreadable"

    /// How many there are of each kind, in the order of the kinds.
    private var counts: [(word: String, count: Int)] {
        TraceVerdict.Reason.allCases.map { ($0.rawValue, reasons[$0] ?? 0) } + [(Self.unreadableWord, unreadable)]
    }

    func text(_ palette: Palette) -> String {
        guard count > 0 else { return "There are no traces.\n" }
        var rows = counts.filter { $0.count > 0 }.map { word, count -> [Table.Cell] in
            [Table.Cell(word, .bold), Table.Cell("\(count)")]
        }
        if open > 0 { rows.append([Table.Cell("under way", .bold), Table.Cell("\(open)")]) }
        var text = Table([], rows).text(palette) + "\n"
        if isValid {
            let rest = open > 0 ? ", but for \(Measure.count(open, "trace")) under way" : ""
            return text + "\(palette.paint("✓", .green)) all \(Measure.count(count - open, "trace")) valid\(rest)\n"
        }
        let faultRows = faults.map { fault -> [Table.Cell] in
            [Table.Cell(fault.traceID.description), Table.Cell(fault.reason), Table.Cell(fault.message)]
        }
        text += Table(["TRACE", "REASON", "WHY"], faultRows).text(palette)
        if faultCount > faults.count { text += "and \(faultCount - faults.count) more\n" }
        return text + "\n\(palette.paint("✗", .red)) \(faultCount) of \(Measure.count(count, "trace")) not valid\n"
    }

    /// `{"valid","traces","under_way","reasons":{reason: count},"not_valid":[{"trace_id","reason","message"}]}`
    var json: String {
        let value: JSONValue = [
            "valid": .bool(isValid), "traces": .integer(count), "under_way": .integer(open),
            "reasons": .object(JSONObject(counts.map { JSONObject.Member(key: $0.word, value: .integer($0.count)) })),
            "not_valid": .array(
                faults.map { fault in
                    [
                        "trace_id": .string(fault.traceID.description), "reason": .string(fault.reason),
                        "message": .string(fault.message),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
