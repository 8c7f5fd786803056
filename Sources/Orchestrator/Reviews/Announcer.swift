package import OrchApprovals
package import OrchCore
package import OrchEgress
package import OrchReceipts

/// Tells a receiver outside what happened to reviews and approvals: each event until it is taken or given up, each
/// delivery with its receipt. No request waits for it.
package struct Announcer: Sendable {
    /// What became of one delivery.
    package struct Delivery: Sendable {
        /// nil: it was taken. Else what went wrong, in a word.
        package var failure: String?
        /// The connection that was made, or refused.
        package var connection: ConnectionRecord?

        package init(failure: String?, connection: ConnectionRecord?) {
            self.failure = failure
            self.connection = connection
        }
    }

    /// Events that are under way at the same time.
    private static let parallelism = 4
    private static let batch = 32
    /// Longer than a batch of deliveries can take.
    private static let lease = Duration.seconds(300)

    private let outbox: any EventOutbox
    private let deliver: @Sendable (PendingEvent, Timestamp) async -> Delivery
    /// When to try again, by the attempts that were made; nil gives up.
    private let retry: @Sendable (_ attempts: Int) -> Duration?
    private let recorder: Recorder
    private let pins: @Sendable () -> Pins
    private let now: Now
    private let observe: @Sendable (PipelineEvent) -> Void

    package init(
        outbox: any EventOutbox, deliver: @escaping @Sendable (PendingEvent, Timestamp) async -> Delivery,
        retry: @escaping @Sendable (_ attempts: Int) -> Duration?, recorder: Recorder,
        pins: @escaping @Sendable () -> Pins, now: @escaping Now, observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.outbox = outbox
        self.deliver = deliver
        self.retry = retry
        self.recorder = recorder
        self.pins = pins
        self.now = now
        self.observe = observe
    }

    /// Delivers what is due.
    package func deliverDue() async throws(ApprovalError) {
        let moment = now()
        let due = try await outbox.takeDue(
            at: moment, leaseEnd: moment.advanced(by: Self.lease), limit: Self.batch)
        await withDiscardingTaskGroup { tasks in
            for lane in 0..<min(Self.parallelism, due.count) {
                tasks.addTask {
                    for place in stride(from: lane, to: due.count, by: Self.parallelism) { await self.take(due[place]) }
                }
            }
        }
    }

    /// One event's way. What cannot be written now is tried again when the lease is over.
    private func take(_ event: PendingEvent) async {
        let caller = Caller(name: "server", isOperator: true)
        var trace = recorder.begin(route: "webhook", caller: caller, pins: pins(), request: event.body)
        do {
            // Before anything leaves.
            try await recorder.open(&trace)
            let delivery = await deliver(event, now())
            trace.addDelivery(delivery, of: event.id)
            _ = try await recorder.close(&trace, delivery.failure == nil ? .ok : .failed)
            let attempts = event.attempts + 1
            if delivery.failure == nil {
                try await outbox.remove(event.id)
                observe(.announced(.delivered))
            } else if let wait = retry(attempts) {
                try await outbox.postpone(event.id, until: now().advanced(by: wait), attempts: attempts)
                observe(.announced(.failed))
            } else {
                try await outbox.remove(event.id)
                observe(.announced(.dropped))
            }
        } catch {
            observe(.announced(.failed))
        }
    }
}

extension TraceBuilder {
    fileprivate mutating func addDelivery(_ delivery: Announcer.Delivery, of event: String) {
        let connection = delivery.connection
        add(.egress) { json in
            json.member("address", orNull: connection?.address)
            json.member("delivery", delivery.failure ?? "delivered")
            json.member("endpoint", orNull: connection?.endpoint.description)
            json.member("event_id", event)
            json.member("outcome", connection.map { $0.address == nil ? "refused" : "connected" } ?? "kept")
        }
    }
}
