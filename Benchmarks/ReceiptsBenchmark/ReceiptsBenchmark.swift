import OrchCore
import OrchReceipts
import OrchStorageSQLite

/// Measures what receipts cost, beside the same disk and a bare SQLite, in interleaved rounds of one run.
///
///     BENCHMARKS=1 swift run -c release ReceiptsBenchmark FOLDER [rounds] [seconds] [leaves of the large log]
///     BENCHMARKS=1 swift run -c release ReceiptsBenchmark FOLDER profile [writers]
///
/// The second form does nothing but receipts, from 64 writers or as many as are given, for a profiler to look at.
///
/// The folder must be on the disk that counts; what is written there is removed at the end.
@main
enum ReceiptsBenchmark {
    static let writers = [1, 8, 64]

    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        guard let folder = arguments.popFirst() else {
            print("usage: ReceiptsBenchmark FOLDER [rounds] [seconds] [leaves of the large log]")
            return
        }
        if arguments.first == "profile" {
            let writers = arguments.dropFirst().first.flatMap { Int($0) } ?? 64
            return try await profile(folder, writers: writers)
        }
        let rounds = arguments.popFirst().flatMap { Int($0) } ?? 5
        let duration = Duration.seconds(arguments.popFirst().flatMap { Int($0) } ?? 2)
        let large = arguments.popFirst().flatMap { Int($0) } ?? 10_000_000
        let place = try Place(folder)
        defer { place.remove() }
        try await throughput(place, rounds, duration)
        try await largeLog(place, rounds, duration, leaves: large)
        try audit(place)
    }

    private static func profile(_ folder: String, writers: Int) async throws {
        let place = try Place(folder)
        defer { place.remove() }
        let receipts = try Log(place.path("receipts.db"))
        let rate = try await rate(writers: writers, for: .seconds(5)) { number in
            _ = try await receipts.log.commit(Sample(number).entry)
        }
        print("\(whole(rate)) receipts/s")
    }

    // MARK: Writers

    private static func throughput(_ place: Place, _ rounds: Int, _ duration: Duration) async throws {
        let receipts = try Log(place.path("receipts.db"))
        let bare = try BareGroupCommit(path: place.path("bare.db"), rows: 1)
        let bareRows = try BareGroupCommit(path: place.path("rows.db"), rows: Sample.steps + 3)
        let size = Sample(0).storedBytes
        print("A receipt as it is measured: \(Sample.steps) steps, \(size) bytes in rows. \(rounds) rounds.\n")
        print("A bare group commit writes as many bytes, once as one row, once as as many rows as a receipt has.\n")
        print(
            "| writers | fdatasync/s | bare, one row | bare, all rows | receipts/s | × one row | × all rows | × fdatasync |"
        )
        print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for count in writers {
            var figures: [[Double]] = [[], [], [], []]
            for _ in 0..<rounds {
                figures[0].append(try RawSync.rate(in: place.path("raw"), bytes: size, for: duration))
                figures[1].append(
                    try await rate(writers: count, for: duration) { _ in
                        try await bare.commit([UInt8](repeating: 0x61, count: size))
                    })
                figures[2].append(
                    try await rate(writers: count, for: duration) { _ in
                        try await bareRows.commit([UInt8](repeating: 0x61, count: size))
                    })
                figures[3].append(
                    try await rate(writers: count, for: duration) { number in
                        _ = try await receipts.log.commit(Sample(number).entry)
                    })
            }
            let medians = figures.map(median)
            let ours = medians[3]
            print(
                "| \(count) | \(medians.map(whole).joined(separator: " | ")) | "
                    + [medians[1], medians[2], medians[0]].map { hundredths(ours / $0) }.joined(separator: " | ") + " |"
            )
        }
        try await receipts.truncateJournal()
        let head = try await receipts.reader.checkpoint()?.checkpoint.size ?? 1
        print("\n\(place.bytes("receipts.db") / head) bytes of disk a receipt, over \(head) receipts.")
    }

    // MARK: A large log

    private static func largeLog(
        _ place: Place, _ rounds: Int, _ duration: Duration, leaves: Int
    ) async throws {
        print("\nLoading a log of \(leaves) leaves …")
        let ids = try BulkLoad.run(path: place.path("large.db"), leaves: leaves, key: Log.key)
        let before = Memory.residentBytes
        let (empty, large) = (try Log(place.path("empty.db")), try Log(place.path("large.db")))
        print("\n| writers | receipts/s on an empty log | on \(leaves) leaves | cost |\n| ---: | ---: | ---: | ---: |")
        for count in [1, 64] {
            var figures: [[Double]] = [[], []]
            for _ in 0..<rounds {
                for (index, target) in [empty, large].enumerated() {
                    figures[index].append(
                        try await rate(writers: count, for: duration) { number in
                            _ = try await target.log.commit(Sample(number).entry)
                        })
                }
            }
            let (small, big) = (median(figures[0]), median(figures[1]))
            print("| \(count) | \(whole(small)) | \(whole(big)) | \(hundredths(small / big)) |")
        }
        var times: [Double] = []
        for id in ids {
            let start = ContinuousClock.now
            let evidence = try await large.reader.evidence(of: id)
            precondition(evidence?.log?.proof.isEmpty == false)
            times.append(start.duration(to: .now).milliseconds)
        }
        print(
            "\nAn inclusion proof out of it: median \(hundredths(median(times))) ms, slowest \(hundredths(times.max() ?? 0)) "
                + "ms of \(times.count).")
        print("Memory: \((Memory.residentBytes - before) / 1_000_000) MB more than before both logs were opened.")
    }

    // MARK: The audit

    private static func audit(_ place: Place) throws {
        let start = ContinuousClock.now
        let report = try SQLiteAudit.check(path: place.path("receipts.db"))
        let seconds = start.duration(to: .now).milliseconds / 1000
        precondition(report.isConsistent && report.verified == report.treeSize)
        print(
            "\nA check of \(report.treeSize) receipts: \(hundredths(seconds)) s, "
                + "\(whole(Double(report.treeSize) / seconds)) receipts/s on one core.")
    }

    // MARK: Measuring

    /// Operations a second of so many tasks that do one after the other.
    private static func rate(
        writers: Int, for duration: Duration, _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        let start = ContinuousClock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    var count = 0
                    while start.duration(to: .now) < duration {
                        try await operation(count)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(total) / (start.duration(to: .now).milliseconds / 1000)
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    private static func whole(_ value: Double) -> String { String(Int(value.rounded())) }
    private static func hundredths(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
