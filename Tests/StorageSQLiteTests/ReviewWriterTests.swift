import Dispatch
import GRDB
import OrchApprovals
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchStorageSQLite

/// Writes while the writer is held up: a first write stands in its way until the test lets it go on.
@Suite struct ReviewWriterTests {
    /// A clock that stands still until it is moved, and counts how often it is asked.
    private final class Clock: Sendable {
        private let state = Mutex((now: ContinuousClock.now, reads: 0))

        func read() -> ContinuousClock.Instant {
            state.withLock { state in
                state.reads += 1
                return state.now
            }
        }

        func advance(by duration: Duration) { state.withLock { $0.now = $0.now.advanced(by: duration) } }

        func wasRead(_ times: Int) async throws {
            while state.withLock({ $0.reads }) < times { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    private let folder: TemporaryFolder
    private let pool: DatabasePool
    private let clock = Clock()
    private let writer: ReviewWriter
    private let gate = DispatchSemaphore(value: 0)

    init() throws {
        folder = try TemporaryFolder()
        pool = try DatabasePool(path: folder.path("reviews.db"))
        writer = ReviewWriter(now: clock.read)
        try pool.write { try $0.execute(sql: "CREATE TABLE written (name TEXT)") }
    }

    private func write(_ name: String, _ urgency: ReviewWriter.Urgency) async -> ApprovalError? {
        do throws(ApprovalError) {
            try await writer.write(pool, urgency) { db in
                try db.execute(sql: "INSERT INTO written VALUES (?)", arguments: [name])
            }
            return nil
        } catch {
            return error
        }
    }

    private var written: [String] {
        get throws { try pool.read { try String.fetchAll($0, sql: "SELECT name FROM written ORDER BY rowid") } }
    }

    /// Begins 20 writes and one that must not be lost behind a write that does not end; gives what became of the 20.
    private func outcomes(after wait: Duration) async throws -> [ApprovalError?] {
        try await withThrowingTaskGroup(of: ApprovalError?.self) { tasks in
            let first = Task {
                try await writer.write(pool, .normal) { [gate] _ in gate.wait() }
            }
            // Asked when it began to wait, and when its turn came.
            try await clock.wasRead(2)
            for number in 0..<20 { tasks.addTask { await write("b\(number)", .normal) } }
            try await clock.wasRead(22)
            let last = Task { await write("end", .mustNotBeLost) }
            try await clock.wasRead(23)
            clock.advance(by: wait)
            gate.signal()
            try await first.value
            #expect(await last.value == nil)
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `what has waited for too long is refused, and ends go first`() async throws {
        let outcomes = try await outcomes(after: ReviewWriter.patience + .milliseconds(1))
        #expect(outcomes.count == 20 && outcomes.allSatisfy { $0?.code == .unavailable })
        #expect(try written == ["end"])
    }

    @Test func `what has waited for as long as it may is written behind the ends`() async throws {
        let outcomes = try await outcomes(after: ReviewWriter.patience)
        #expect(outcomes.count == 20 && outcomes.allSatisfy { $0 == nil })
        #expect(try written.first == "end")
        #expect(try written.count == 21)
    }

    @Test func `no more than some wait, but ends always do`() async throws {
        await withTaskGroup(of: ApprovalError?.self) { tasks in
            let first = Task { try await writer.write(pool, .normal) { [gate] _ in gate.wait() } }
            try? await clock.wasRead(2)
            for number in 0...ReviewWriter.maximumWaiting { tasks.addTask { await write("b\(number)", .normal) } }
            var refused = await tasks.next() ?? nil
            #expect(refused?.code == .unavailable)
            let last = Task { await write("end", .mustNotBeLost) }
            try? await clock.wasRead(ReviewWriter.maximumWaiting + 4)
            gate.signal()
            try? await first.value
            #expect(await last.value == nil)
            refused = nil
            for await outcome in tasks where outcome != nil { refused = outcome }
            #expect(refused == nil, "one was too many, the others were written")
        }
        #expect(try written.first == "end")
        #expect(try written.count == ReviewWriter.maximumWaiting + 1)
    }
}
