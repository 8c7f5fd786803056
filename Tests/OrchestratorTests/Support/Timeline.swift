import Synchronization

/// What happened, in order, over all the parts of a test.
final class Timeline: Sendable {
    private let list = Mutex<[String]>([])

    var events: [String] { list.withLock { $0 } }

    func clear() { list.withLock { $0 = [] } }

    func add(_ event: String) { list.withLock { $0.append(event) } }

    /// Where the event first stands; behind everything where it does not.
    func place(of event: String) -> Int { events.firstIndex(of: event) ?? .max }
}
