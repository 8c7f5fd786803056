import CSandbox
import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What bubblewrap writes of its state: JSON documents, one a line, `child-pid` and later `exit-code`.
struct StatusReport {
    private static let maximum = 4096
    /// How long its setup may take, and what is ended may take to go; in milliseconds.
    private static let patience: CInt = 5000

    private let source: Descriptor
    private var bytes: [UInt8] = []

    init(_ source: Descriptor) {
        self.source = source
        source.makeNonBlocking()
    }

    /// Whether the program was started: only then is there an exit code.
    var hasStarted: Bool { members.contains { $0["exit-code"] != nil } }

    /// The first process inside, by its number outside; nil where there is none yet.
    var child: Int32? { members.first?["child-pid"]?.intValue.map { Int32(truncatingIfNeeded: $0) } }

    private var members: [JSONObject] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { (try? JSONValue(parsing: Array($0)))?.objectValue }
    }

    /// Takes what has been written until now; false at its end.
    @discardableResult
    mutating func read() -> Bool { source.read(into: &bytes, limit: Self.maximum) }

    /// Waits for the first process inside; nil where bubblewrap has ended before.
    mutating func waitForChild() -> Int32? {
        while child == nil {
            var polled = pollfd(fd: source.number, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, Self.patience) > 0, read() || child != nil else { return nil }
        }
        return child
    }

    /// Ends the first process inside, and with it all others there, and lets bubblewrap wait for it and end. A dead
    /// process whose parent has gone would be left to whoever is the machine's or the container's first one.
    mutating func end(_ launcher: LaunchPlan.Started) {
        // It is told before the first process goes on, which nobody could end otherwise.
        guard let child = waitForChild() else { return }
        let number = csandbox_process_descriptor(child)
        guard number >= 0 else { return }
        let descriptor = Descriptor(owning: number)
        // Another's, where the number was given anew meanwhile.
        guard ProcessTable(root: "").parent(of: child) == launcher.process else { return }
        guard csandbox_kill(descriptor.number) == 0 else { return }
        launcher.waitForEnd(Self.patience)
    }
}
