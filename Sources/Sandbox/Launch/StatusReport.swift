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
    static let maximum = 4096
    /// How long its setup may take.
    private static let patience: CInt = 5000

    var bytes: [UInt8] = []
    private var child: Descriptor?

    /// Whether the program was started: only then is there an exit code.
    var hasStarted: Bool { members.contains { $0["exit-code"] != nil } }

    private var members: [JSONObject] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { (try? JSONValue(parsing: Array($0)))?.objectValue }
    }

    /// Waits for the number of the process that is the first inside; nil where bubblewrap has ended before.
    mutating func readChild(_ status: Descriptor) -> Int32? {
        status.makeNonBlocking()
        while true {
            if let number = members.first?["child-pid"]?.intValue {
                let descriptor = csandbox_process_descriptor(Int32(number))
                if descriptor >= 0 { child = Descriptor(owning: descriptor) }
                return Int32(number)
            }
            var polled = pollfd(fd: status.number, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, Self.patience) > 0, status.read(into: &bytes, limit: Self.maximum) else {
                return nil
            }
        }
    }

    /// Waits until the first process inside has ended, and with it all others.
    func waitForEnd() {
        guard let number = child?.number else { return }
        _ = csandbox_kill(number)
        var polled = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        _ = poll(&polled, 1, Self.patience)
    }
}
