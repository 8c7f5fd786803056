#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The processes of this machine that can be seen here, of /proc.
struct ProcessTable: Sendable {
    /// What stands before `/proc`.
    let root: String

    /// A process, which its number alone does not name: numbers are used again.
    struct Entry: Sendable, Hashable {
        var id: Int32
        var parent: Int32
        /// Clock ticks from the machine's start to the process's.
        var start: UInt64
        /// Nothing of it runs any more; its parent only has not asked for its status.
        var isEnded: Bool

        /// Reads /proc/<pid>/stat (proc_pid_stat(5)).
        init?(_ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            // The program's name may hold anything, parentheses too.
            guard let end = text.lastIndex(of: ")"), let id = Int32(text.prefix { $0 != " " }) else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else { return nil }
            guard let threads = Int(fields[17]) else { return nil }
            self.id = id
            self.parent = parent
            self.start = start
            // Where the first thread has ended before others, its state is that of a dead process.
            isEnded = (fields[0] == "Z" || fields[0] == "X") && threads <= 1
        }
    }

    var own: Entry? { entry("self") }

    func bytes(_ name: String, limit: Int) -> [UInt8]? {
        try? SmallFile("\(root)/proc/\(name)", O_RDONLY).contents(limit: limit)
    }

    private func entry(_ name: String) -> Entry? { bytes("\(name)/stat", limit: 4096).flatMap(Entry.init) }

    func parent(of id: Int32) -> Int32? { entry("\(id)")?.parent }

    /// Whether that very process still is there. One that may not be looked at counts as it.
    func isAlive(_ id: Int32, start: UInt64) -> Bool {
        if let entry = entry("\(id)") { return entry.start == start && !entry.isEnded }
        return kill(id, 0) == 0 || errno != ESRCH
    }

    /// Whether a process is another one, or was started by it, in at most 64 steps.
    func isOrDescends(_ id: Int32, from ancestor: Int32) -> Bool {
        var id = id
        for _ in 0..<64 {
            if id == ancestor { return true }
            guard id > 1, let parent = parent(of: id) else { return false }
            id = parent
        }
        return false
    }

    /// Whether memory can be written out to a disk.
    var hasSwap: Bool {
        // A line of titles, then one for each place.
        guard let bytes = bytes("swaps", limit: 1 << 16) else { return false }
        return bytes.split(separator: UInt8(ascii: "\n")).count > 1
    }

    /// Ends a process; never this one, nor a group of processes, which 0 and negative numbers mean.
    static func end(_ id: Int32) {
        guard id > 1, id != getpid() else { return }
        kill(id, SIGKILL)
    }

    /// Lets the calling thread wait, a moment that doubles with each round up to 16 ms.
    static func pause(round: Int) { usleep(UInt32(min(50 << min(round, 9), 16_000))) }
}
