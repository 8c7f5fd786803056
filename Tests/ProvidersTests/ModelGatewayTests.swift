import OrchCore
import OrchEgress
import OrchProviders
import OrchTestSupport
import Synchronization
import Testing

@Suite("The way to the models")
struct ModelGatewayTests {
    static let outage = ProviderError(.failed, "down", isRetryable: true)
    static let fault = ProviderError(.rejectedRequest, "no")

    /// The pauses that a gateway took, without taking them.
    final class Pauses: Sendable {
        private let list = Mutex<[Duration]>([])
        var all: [Duration] { list.withLock { $0 } }
        func add(_ pause: Duration) { list.withLock { $0.append(pause) } }
    }

    let pauses = Pauses()

    func gateway(
        _ provider: ScriptedProvider, fallbacks: [(ScriptedProvider, String)] = [], allowed: Set<String> = [],
        retries: Int = 0, timeout: Duration = .seconds(30), breakers: CircuitBreakers? = nil, jitter: Double = 1
    ) -> ModelGateway {
        ModelGateway(
            provider: provider, fallbacks: fallbacks.map { ModelGateway.Fallback(provider: $0.0, model: $0.1) },
            policy: ModelGateway.Policy(
                allowedModels: allowed, retries: retries, backoff: .milliseconds(500), timeout: timeout),
            breakers: breakers ?? CircuitBreakers(maximumFailures: 100, resetAfter: .seconds(30)), jitter: { jitter },
            sleep: { [pauses] in pauses.add($0) })
    }

    func ask(_ gateway: ModelGateway, model: String = "m") async -> GatewayOutcome<JSONDocument> {
        await gateway.complete(model: model, inputTokens: 1) { Array("{\"model\":\"\($0)\"}".utf8) }
    }

    func code(_ outcome: GatewayOutcome<JSONDocument>) -> ProviderError.Code? {
        if case .failure(let error) = outcome.result { error.code } else { nil }
    }

    @Test("A good first answer is the answer")
    func answers() async {
        let provider = ScriptedProvider("one", failures: [nil])
        let outcome = await ask(gateway(provider, retries: 3))
        #expect(code(outcome) == nil)
        #expect(outcome.facts.attempts == 1)
        #expect(outcome.facts.provider == "one" && outcome.facts.model == "m")
        #expect(outcome.facts.fallbackReason == nil)
        #expect(outcome.facts.connections.map(\.endpoint.host) == ["one"])
        #expect(provider.calls.first?.model == "m")
        #expect(pauses.all.isEmpty)
    }

    @Test("What may end otherwise is tried again, with pauses that double")
    func retries() async {
        let provider = ScriptedProvider("one", failures: [Self.outage, Self.outage, Self.outage, nil])
        let outcome = await ask(gateway(provider, retries: 3))
        #expect(code(outcome) == nil)
        #expect(outcome.facts.attempts == 4)
        #expect(pauses.all == [.milliseconds(500), .seconds(1), .seconds(2)])
    }

    @Test("Pauses are a share of the backoff, by chance", arguments: [0, 0.5])
    func jitters(share: Double) async {
        let provider = ScriptedProvider("one", failures: [Self.outage, Self.outage, nil])
        _ = await ask(gateway(provider, retries: 2, jitter: share))
        #expect(pauses.all == [.milliseconds(500) * share, .seconds(1) * share])
    }

    @Test("The last failure is told when tries run out")
    func givesUp() async {
        let provider = ScriptedProvider("one", failures: [Self.outage])
        let outcome = await ask(gateway(provider, retries: 2))
        #expect(code(outcome) == .failed)
        #expect(provider.calls.count == 3)
    }

    @Test(
        "What would end the same is not tried again",
        arguments: [
            ProviderError.Code.rejectedRequest, .rejectedKey, .malformedAnswer, .timedOut, .unsupported,
            .refusedByPolicy,
        ])
    func doesNotRetry(code: ProviderError.Code) async {
        let provider = ScriptedProvider("one", failures: [ProviderError(code, "x"), nil])
        #expect(self.code(await ask(gateway(provider, retries: 3))) == code)
        #expect(provider.calls.count == 1)
        #expect(pauses.all.isEmpty)
    }

    @Test("Retry-After wins over the backoff")
    func heedsRetryAfter() async {
        let limited = ProviderError(.rateLimited, "slow down", retryAfter: .seconds(7), isRetryable: true)
        _ = await ask(gateway(ScriptedProvider("one", failures: [limited, nil]), retries: 1))
        #expect(pauses.all == [.seconds(7)])
    }

    @Test("A pause that outlasts the call is not begun")
    func doesNotOversleep() async {
        let limited = ProviderError(.rateLimited, "slow down", retryAfter: .seconds(31), isRetryable: true)
        let outcome = await ask(gateway(ScriptedProvider("one", failures: [limited, nil]), retries: 1))
        #expect(code(outcome) == .rateLimited)
        #expect(pauses.all.isEmpty)
    }

    @Test("Every try gets what is left of the whole call's time")
    func sharesDeadline() async {
        let provider = ScriptedProvider("one", failure: Self.outage, after: .milliseconds(100))
        let outcome = await ask(gateway(provider, retries: 100, timeout: .seconds(1), jitter: 0))
        #expect(code(outcome) == .timedOut || code(outcome) == .failed)
        #expect(provider.calls.count <= 10)
        let limits = provider.calls.map(\.timeout)
        #expect(limits == limits.sorted(by: >))
        #expect(limits.allSatisfy { $0 <= .seconds(1) })
        #expect(outcome.facts.latency >= .seconds(1))
    }

    @Test("Streams are opened with the same care")
    func opensStreams() async throws {
        let provider = ScriptedProvider("one", failures: [Self.outage, nil])
        let outcome = await gateway(provider, retries: 1).stream(model: "m", inputTokens: 1) { _ in [] }
        let stream = try outcome.result.get()
        #expect(try await stream.next() != nil)
        #expect(try await stream.next() == nil)
        #expect(outcome.facts.attempts == 2)
    }

    @Test("A caller that goes away while a pause lasts has cancelled")
    func cancelledPause() async {
        let provider = ScriptedProvider("one", failures: [Self.outage])
        let gateway = ModelGateway(
            provider: provider,
            policy: ModelGateway.Policy(retries: 5, backoff: .seconds(3600), timeout: .seconds(7200)),
            breakers: CircuitBreakers(maximumFailures: 100, resetAfter: .seconds(1)), jitter: { 1 })
        let outcome = await withTaskGroup(of: GatewayOutcome<JSONDocument>.self) { group in
            group.addTask { await self.ask(gateway) }
            try? await Task.sleep(for: .milliseconds(50))
            group.cancelAll()
            return await group.next()
        }
        #expect(outcome.flatMap(code) == .cancelled)
        #expect(provider.calls.count == 1)
    }
}
