import OrchServer
import Synchronization

/// Stands between the server, which is built first, and who counts its requests, which needs the server's routes.
final class RequestObserver: Sendable {
    private let observe = Mutex<@Sendable (RequestRecord) -> Void>({ _ in })

    func set(_ observe: @escaping @Sendable (RequestRecord) -> Void) {
        self.observe.withLock { $0 = observe }
    }

    func call(_ record: RequestRecord) {
        observe.withLock { $0 }(record)
    }
}
