import CHyperscan
import OrchCore
import OrchPrivacy
import Synchronization

/// Literals compiled by Hyperscan.
///
/// `@unchecked Sendable`: the database never changes after `init`, the library promises that scans of several threads
/// may share it, each with its own scratch, the scratches stand behind a mutex, and only `deinit` frees both.
final class HyperscanScanner: LiteralScanner, @unchecked Sendable {
    private let database: OpaquePointer
    /// Scratches that no scan uses now.
    private let idle = Mutex<[UInt]>([])
    /// What scans short texts, and those that the library cannot, for want of memory.
    private let fallback: any LiteralScanner
    private static let maximumIdle = 16
    private static let maximumBytes = 1 << 31
    /// A call of the library costs more than the automaton takes for so few bytes: pieces of a stream above all.
    private static let minimumBytes = 512

    init(library: OpaquePointer, literals: [[UInt8]]) throws(ScanEngineError) {
        fallback = try PortableScanEngine().scanner(for: literals)
        var reason = [CChar](repeating: 0, count: 256)
        let buffers = literals.map { literal in
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: literal.count)
            for (index, byte) in literal.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            return buffer
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        let pointers = buffers.map { Optional(UnsafePointer($0)) }
        let database = chs_compile(library, pointers, literals.map(\.count), literals.count, &reason, reason.count)
        guard let database else {
            let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw ScanEngineError(message: "hyperscan: \(String(decoding: bytes, as: UTF8.self))")
        }
        self.database = database
    }

    deinit {
        for scratch in idle.withLock({ $0 }) { chs_scratch_free(database, OpaquePointer(bitPattern: scratch)) }
        chs_free(database)
    }

    func scan(_ bytes: UnsafeRawBufferPointer, into hits: inout [LiteralHit]) {
        guard bytes.count >= Self.minimumBytes, bytes.count <= Self.maximumBytes, let base = bytes.baseAddress,
            let scratch = takeScratch()
        else {
            return fallback.scan(bytes, into: &hits)
        }
        let first = hits.count
        let isDone = scan(base.assumingMemoryBound(to: CChar.self), bytes.count, scratch, &hits)
        giveBack(scratch)
        guard isDone else {
            hits.removeLast(hits.count - first)
            return fallback.scan(bytes, into: &hits)
        }
        sortTies(&hits, from: first)
    }

    private func scan(
        _ text: UnsafePointer<CChar>, _ count: Int, _ scratch: OpaquePointer, _ hits: inout [LiteralHit]
    ) -> Bool {
        let capacity = 512
        return withUnsafeTemporaryAllocation(of: chs_hit.self, capacity: capacity) { buffer in
            var start = 0
            var reported = 0
            while true {
                var resumed = 0
                let found = chs_scan(
                    database, scratch, text + start, count - start, buffer.baseAddress, capacity, &resumed)
                guard found >= 0 else { return false }
                for index in 0..<found {
                    let end = start + Int(buffer[index].end)
                    guard end > reported else { continue }
                    hits.append(LiteralHit(literal: buffer[index].literal, end: UInt32(truncatingIfNeeded: end)))
                }
                guard start + resumed < count else { return true }
                // More hits than places: the next scan begins far enough in front to see literals that began before.
                reported = start + resumed
                let next = max(start, reported - Self.longestLiteral)
                guard next > start else { return false }
                start = next
            }
        }
    }

    /// Longer than any literal of the catalogue.
    private static let longestLiteral = 128

    /// The library gives hits of one end in no order.
    private func sortTies(_ hits: inout [LiteralHit], from first: Int) {
        var index = first + 1
        while index < hits.count {
            var place = index
            while place > first, hits[place - 1].end == hits[place].end, hits[place - 1].literal > hits[place].literal {
                hits.swapAt(place, place - 1)
                place -= 1
            }
            index += 1
        }
    }

    private func takeScratch() -> OpaquePointer? {
        if let scratch = idle.withLock({ $0.popLast() }) { return OpaquePointer(bitPattern: scratch) }
        return chs_scratch_new(database)
    }

    private func giveBack(_ scratch: OpaquePointer) {
        let address = UInt(bitPattern: scratch)
        let isKept = idle.withLock { idle in
            guard idle.count < Self.maximumIdle else { return false }
            idle.append(address)
            return true
        }
        if !isKept { chs_scratch_free(database, scratch) }
    }
}
