import OrchProviders
import OrchServer
import Synchronization

/// Whether the server can do its work. What a model server said holds for a moment, so that asking is cheap.
final class ReadinessCheck: Sendable {
    private static let freshness = Duration.seconds(2)

    private let isAPIEnabled: Bool
    private let receiptsAreHealthy: @Sendable () async -> Bool
    private let approvalsAreHealthy: @Sendable () -> Bool
    private let provider: (any ModelProvider)?
    private let timeout: Duration
    private let lastProbe = Mutex<(at: ContinuousClock.Instant, isUp: Bool)?>(nil)

    init(
        isAPIEnabled: Bool, receiptsAreHealthy: @escaping @Sendable () async -> Bool,
        approvalsAreHealthy: @escaping @Sendable () -> Bool, provider: (any ModelProvider)?, timeout: Duration
    ) {
        self.isAPIEnabled = isAPIEnabled
        self.receiptsAreHealthy = receiptsAreHealthy
        self.approvalsAreHealthy = approvalsAreHealthy
        self.provider = provider
        self.timeout = timeout
    }

    func check() async -> Readiness {
        guard isAPIEnabled else { return .disabled }
        guard await receiptsAreHealthy() else { return .unready(.receiptLog) }
        guard approvalsAreHealthy() else { return .unready(.approvals) }
        guard await modelServerIsUp() else { return .unready(.modelServer) }
        return .ready
    }

    private func modelServerIsUp() async -> Bool {
        guard let provider else { return true }
        if let probe = lastProbe.withLock({ $0 }), probe.at.duration(to: .now) < Self.freshness, probe.isUp {
            return true
        }
        let isUp: Bool
        do throws(ProviderError) {
            try await provider.checkHealth(timeout: timeout)
            isUp = true
        } catch {
            isUp = false
        }
        lastProbe.withLock { $0 = (.now, isUp) }
        return isUp
    }
}
