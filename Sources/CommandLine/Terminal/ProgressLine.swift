/// A count that goes up in its place; nothing at all where standard error is no terminal.
struct ProgressLine {
    private static let interval = Duration.milliseconds(100)

    private let noun: String
    private let output: Terminal.Output
    private var shownAt: ContinuousClock.Instant?

    init(_ noun: String, on output: Terminal.Output) {
        self.noun = noun
        self.output = output
    }

    mutating func advance(to count: Int) throws {
        guard output.isTerminal else { return }
        let now = ContinuousClock.now
        if let shownAt, shownAt.duration(to: now) < Self.interval { return }
        shownAt = now
        try output.write("\r\(count) \(noun)")
    }

    /// Clears the line.
    func finish() throws {
        guard shownAt != nil else { return }
        try output.write("\r\u{1B}[K")
    }
}
