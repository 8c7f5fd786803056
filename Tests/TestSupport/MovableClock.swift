package import OrchCore
import Synchronization

/// A clock on the wall that tests move.
package final class MovableClock: Sendable {
    private let time: Mutex<Timestamp>

    package init(_ moment: Timestamp) {
        time = Mutex(moment)
    }

    package var now: Now { { [self] in time.withLock { $0 } } }
    package func set(_ moment: Timestamp) { time.withLock { $0 = moment } }
    package func advance(by duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }
}
