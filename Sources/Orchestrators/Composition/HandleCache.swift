import Synchronization

/// Metric handles by what tells them apart, so that counting costs a look-up here and not the making of a series' name.
///
/// Keys come from settings and closed sets, and models' names from callers: the number is bounded, and what does not fit
/// is made anew each time.
final class HandleCache<Key: Hashable & Sendable, Handle: Sendable>: Sendable {
    private static var maximumHandles: Int { 1024 }

    private struct State {
        var handles: [Key: Handle] = [:]
        /// The one that was asked for last, which is often asked for again.
        var last: (key: Key, handle: Handle)?
    }

    private let state = Mutex(State())
    private let make: @Sendable (Key) -> Handle

    init(_ make: @escaping @Sendable (Key) -> Handle) {
        self.make = make
    }

    subscript(_ key: Key) -> Handle {
        let known = state.withLock { state -> Handle? in
            if let last = state.last, last.key == key { return last.handle }
            guard let handle = state.handles[key] else { return nil }
            state.last = (key, handle)
            return handle
        }
        if let known { return known }
        let made = make(key)
        state.withLock { state in
            if state.handles.count < Self.maximumHandles { state.handles[key] = made }
        }
        return made
    }
}
