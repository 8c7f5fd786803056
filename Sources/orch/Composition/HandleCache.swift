import Synchronization

/// Metric handles by what tells them apart, so that counting costs a look-up here and not the making of a series' name.
///
/// Keys come from settings and closed sets, and models' names from callers: the number is bounded, and what does not fit
/// is made anew each time.
final class HandleCache<Key: Hashable & Sendable, Handle: Sendable>: Sendable {
    private static var maximumHandles: Int { 1024 }

    private let handles = Mutex<[Key: Handle]>([:])
    private let make: @Sendable (Key) -> Handle

    init(_ make: @escaping @Sendable (Key) -> Handle) {
        self.make = make
    }

    subscript(_ key: Key) -> Handle {
        if let handle = handles.withLock({ $0[key] }) { return handle }
        let made = make(key)
        handles.withLock { handles in
            if handles.count < Self.maximumHandles { handles[key] = made }
        }
        return made
    }
}
