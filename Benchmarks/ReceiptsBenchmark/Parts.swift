import Dispatch
import GRDB
import Glibc
import OrchCore
import OrchReceipts
import OrchStorageSQLite
import Synchronization

/// A trace such as a chat makes.
struct Sample {
    static let steps = 4

    let entry: ReceiptEntry

    init(_ number: Int) {
        // Identities sort by their moment, as a server's do.
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let moment = Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
        let hash = String(repeating: "0123456789abcdef", count: 4)
        let trace = Trace(
            id: TraceID.generate(at: moment), createdAt: moment, metadata: ["route": "chat", "caller": "default"],
            steps: [
                Step(
                    .policySnapshot, at: moment,
                    [
                        "program": "0.1.0", "configuration": .string(hash), "router_policy": .string(hash),
                        "agents": .string(hash),
                    ]),
                Step(
                    .intentRouter, at: moment,
                    [
                        "router": "rules", "mode": "advanced", "tool": nil, "rule": nil, "confidence": 0,
                        "reason": "no_match",
                    ]),
                Step(
                    .tokenUsage, at: moment,
                    [
                        "input_tokens": .integer(number), "tokenizer": "bytes", "fallback": true,
                        "model": "gpt-4o-mini", "reason": "chat_tier1", "tier": "tier1",
                    ]),
                Step(
                    .llmProvider, at: moment,
                    [
                        "provider": "openai", "model": "gpt-4o-mini", "attempts": 1, "latency_ms": 12, "outcome": "ok",
                        "prompt_tokens": 150, "completion_tokens": 60,
                    ]),
            ])
        let salt = TraceSalt.generate()
        entry = ReceiptEntry(
            .whole, trace: trace, status: .ok, at: moment, salt: salt,
            contents: [
                salt.commitment(.request, to: [UInt8](repeating: 0x61, count: 700)),
                salt.commitment(.answer, to: [UInt8](repeating: 0x62, count: 400)),
            ])
    }

    /// Bytes of all values that its rows hold.
    var storedBytes: Int {
        let steps = entry.steps.reduce(0) { sum, step in
            sum + step.id.utf8.count + entry.traceID.utf8.count + step.type.utf8.count + step.json.count
                + step.createdAt.utf8.count
        }
        return steps + (entry.leaf?.bytes.count ?? 0) + entry.metadata.count + 4 * entry.traceID.utf8.count
            + TraceSalt.byteCount + entry.createdAt.utf8.count
    }
}

/// A log of its own.
struct Log {
    static let key = SigningKey(generatingFor: "example.com/benchmark")

    let log: SQLiteReceiptLog
    let reader: SQLiteLogReader

    init(_ path: String) throws {
        let database = try TraceDatabase(path: path)
        _ = try database.adoptFirstKey(Self.key.verifier)
        log = SQLiteReceiptLog(database: database, key: Self.key)
        reader = SQLiteLogReader(database: database)
    }

    func truncateJournal() async throws { try await log.truncateJournal() }
}

/// The folder that is measured in.
struct Place {
    private let folder: String

    init(_ parent: String) throws {
        folder = "\(parent)/receipts-benchmark-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else { throw Failure(what: "mkdir \(folder)") }
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func bytes(_ name: String) -> Int {
        var status = stat()
        return stat(path(name), &status) == 0 ? Int(status.st_size) : 0
    }

    func remove() {
        for name in ["receipts.db", "bare.db", "rows.db", "large.db", "empty.db", "raw"] {
            for ending in ["", "-wal", "-shm"] { unlink(path(name) + ending) }
        }
        rmdir(folder)
    }
}

struct Failure: Error {
    let what: String
}

/// Appending to a file and waiting for the disk, one write after the other.
enum RawSync {
    static func rate(in path: String, bytes: Int, for duration: Duration) throws -> Double {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(what: "open \(path)") }
        defer { close(file) }
        let block = [UInt8](repeating: 0x61, count: bytes)
        var count = 0
        let start = ContinuousClock.now
        while start.duration(to: .now) < duration {
            guard write(file, block, bytes) == bytes, fdatasync(file) == 0 else { throw Failure(what: "write \(path)") }
            count += 1
        }
        return Double(count) / (start.duration(to: .now).milliseconds / 1000)
    }
}

/// The least that a durable store can do: so many bytes a commit in rows without an index or a hash, and one transaction
/// for all that wait.
final class BareGroupCommit: Sendable {
    private struct State {
        var waiting: [(row: [UInt8], continuation: CheckedContinuation<Bool, Never>)] = []
        var isWriting = false
    }

    private let pool: DatabasePool
    private let rows: Int
    private let queue = DispatchQueue(label: "bare", qos: .userInitiated)
    private let state = Mutex(State())

    init(path: String, rows: Int) throws {
        self.rows = rows
        pool = try DatabasePool(path: path)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, row BLOB)")
        }
    }

    func commit(_ row: [UInt8]) async throws {
        let succeeded = await withCheckedContinuation { continuation in
            let mustWake = state.withLock { state in
                state.waiting.append((row, continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if mustWake { queue.async { self.writeAll() } }
        }
        if !succeeded { throw Failure(what: "bare commit") }
    }

    private func writeAll() {
        while true {
            let batch = state.withLock { state in
                let batch = state.waiting
                state.waiting = []
                if batch.isEmpty { state.isWriting = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            let result: Void? = try? pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    let insert = try db.cachedStatement(sql: "INSERT INTO rows(row) VALUES (?)")
                    for entry in batch {
                        let part = entry.row.count / rows
                        for number in 0..<rows {
                            entry.row.withUnsafeBytes { bytes in
                                let piece = UnsafeRawBufferPointer(rebasing: bytes[number * part..<(number + 1) * part])
                                _ = RawBlob.bind(insert.sqliteStatement, piece)
                            }
                            try RawBlob.run(insert.sqliteStatement)
                        }
                    }
                    return .commit
                }
            }
            for entry in batch { entry.continuation.resume(returning: result != nil) }
        }
    }
}

enum Memory {
    static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}
