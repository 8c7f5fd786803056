/// The name of a run's group: it says whose it is, so that those of dead servers can be told from living ones'.
struct GroupName: Hashable, CustomStringConvertible {
    var process: Int32
    /// The process's start, in ticks since the machine's.
    var start: UInt64
    var number: UInt64

    private static let prefix = "orch-sandbox-"

    init(process: Int32, start: UInt64, number: UInt64) {
        self.process = process
        self.start = start
        self.number = number
    }

    /// Nothing but what ``description`` writes.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let process = Int32(parts[0]), process > 0, let start = UInt64(parts[1]),
            let number = UInt64(parts[2])
        else { return nil }
        self.init(process: process, start: start, number: number)
        guard description == text else { return nil }
    }

    var description: String { "\(Self.prefix)\(process)-\(start)-\(number)" }
}
