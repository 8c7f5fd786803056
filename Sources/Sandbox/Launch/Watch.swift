import CSandbox

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Watches a process from outside: reads what it writes up to a cap, and ends it when its time is over.
///
/// Blocks; for a worker's thread. That thread must live as long as the process does, which dies with it.
struct Watch {
    /// Why it was ended from here.
    enum Cut: Hashable { case timeout, output, cancelled }

    struct Outcome: Hashable {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        /// As a shell has it: 128 and the number of a signal that ended it.
        var exitCode = 0
        var cut: Cut?
    }

    /// How long output that nobody writes any more is waited for when all have been ended.
    private static let patience = Duration.milliseconds(500)

    private let started: LaunchPlan.Started
    private let cap: Int
    private let deadline: ContinuousClock.Instant
    private let cancellation: CInt
    private var stdout: Descriptor?
    private var stderr: Descriptor?
    private var outcome = Outcome()

    /// - Parameters:
    ///   - cap: Bytes of standard output, and of standard error.
    ///   - cancellation: A descriptor that can be read when the process shall end; -1: none.
    init(
        _ started: LaunchPlan.Started, stdout: Descriptor, stderr: Descriptor, cap: Int,
        deadline: ContinuousClock.Instant, cancellation: CInt
    ) {
        self.started = started
        self.cap = cap
        self.deadline = deadline
        self.cancellation = cancellation
        stdout.makeNonBlocking()
        stderr.makeNonBlocking()
        self.stdout = stdout
        self.stderr = stderr
    }

    /// Watches to the end.
    ///
    /// - Parameters:
    ///   - stop: Has the process end by itself; called where it is to end before its time.
    ///   - end: Ends everything that the process has started; called once it has ended, or has been ended.
    mutating func finish(stop: () -> Void = {}, end: () -> Void) -> Outcome {
        while true {
            let now = ContinuousClock.now
            guard now < deadline else {
                outcome.cut = .timeout
                break
            }
            let events = wait(until: deadline, now: now)
            if events.cancelled {
                outcome.cut = .cancelled
                break
            }
            readOutput()
            if outcome.cut != nil || events.ended { break }
        }
        if outcome.cut != nil { stop() }
        started.kill()
        end()
        drain()
        outcome.exitCode = reap()
        return outcome
    }

    private mutating func readOutput() {
        // One byte above the cap is how a flood is told from a text of just that length.
        if stdout?.read(into: &outcome.output, limit: cap + 1) == false { stdout = nil }
        if stderr?.read(into: &outcome.errors, limit: cap + 1) == false { stderr = nil }
        guard outcome.output.count > cap || outcome.errors.count > cap else { return }
        outcome.cut = outcome.cut ?? .output
        outcome.output = Array(outcome.output.prefix(cap))
        outcome.errors = Array(outcome.errors.prefix(cap))
        stdout = nil
        stderr = nil
    }

    /// What was written before the end.
    private mutating func drain() {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        while stdout != nil || stderr != nil {
            readOutput()
            let now = ContinuousClock.now
            guard stdout != nil || stderr != nil, now < deadline else { break }
            _ = wait(until: deadline, now: now, forOutput: true)
        }
    }

    private func wait(
        until deadline: ContinuousClock.Instant, now: ContinuousClock.Instant, forOutput: Bool = false
    ) -> (ended: Bool, cancelled: Bool) {
        var polled = [
            pollfd(fd: forOutput ? -1 : started.descriptor.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: forOutput ? -1 : cancellation, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stdout?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stderr?.number ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let left = now.duration(to: deadline).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        _ = poll(&polled, UInt(polled.count), CInt(clamping: milliseconds))
        return (polled[0].revents != 0, polled[1].revents != 0)
    }

    private func reap() -> Int {
        var status: CInt = 0
        while waitpid(started.process, &status, 0) < 0 {
            guard errno == EINTR else { return 0 }
        }
        let signal = status & 0x7F
        return Int(signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
    }
}

/// A program of this machine's own, which is trusted.
enum HostCommand {
    /// Runs it to its end, with nothing on standard input and without an environment.
    ///
    /// Blocks; for a worker's thread.
    static func run(_ words: [String], timeout: Duration) throws(SandboxError) -> Watch.Outcome {
        let input = try Descriptor.memory([])
        let (output, write) = try Descriptor.pipe()
        let (errors, writeErrors) = try Descriptor.pipe()
        let started = try LaunchPlan(path: words.first ?? "", arguments: words)
            .start(descriptors: [input.number, write.number, writeErrors.number], groups: [])
        write.end()
        writeErrors.end()
        var watch = Watch(
            started, stdout: output, stderr: errors, cap: 1 << 20, deadline: .now.advanced(by: timeout),
            cancellation: -1)
        return watch.finish {}
    }
}
