import OrchCore
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchProviders

@Suite("Which model is asked")
struct ModelGatewayRoutesTests {
    static let outage = ProviderError(.unreachable, "down")
    static let timeout = ProviderError(.timedOut, "late")

    func gateway(
        _ provider: ScriptedProvider, _ fallbacks: [(ScriptedProvider, String)] = [], allowed: Set<String> = [],
        failures: Int = 100, resetAfter: Duration = .seconds(30),
        observe: @escaping @Sendable (AttemptRecord) -> Void = { _ in }
    ) -> ModelGateway {
        ModelGateway(
            provider: provider, fallbacks: fallbacks.map { ModelGateway.Fallback(provider: $0.0, model: $0.1) },
            policy: ModelGateway.Policy(allowedModels: allowed, backoff: .zero, timeout: .seconds(30)),
            breakers: CircuitBreakers(maximumFailures: failures, resetAfter: resetAfter), sleep: { _ in },
            observe: observe)
    }

    func ask(_ gateway: ModelGateway, model: String = "m") async -> GatewayOutcome<JSONDocument> {
        await gateway.complete(model: model, inputTokens: 1) { Array("{\"model\":\"\($0)\"}".utf8) }
    }

    func code(_ outcome: GatewayOutcome<JSONDocument>) -> ProviderError.Code? {
        if case .failure(let error) = outcome.result { error.code } else { nil }
    }

    @Test(
        "A fallback answers when the first is down",
        arguments: [
            ProviderError.Code.unreachable, .timedOut, .failed, .rateLimited, .malformedAnswer, .notReady, .rejectedKey,
        ])
    func fallsBack(code: ProviderError.Code) async {
        let second = ScriptedProvider("two", failures: [nil])
        let outcome = await ask(
            gateway(ScriptedProvider("one", failures: [ProviderError(code, "x")]), [(second, "m2")]))
        #expect(self.code(outcome) == nil)
        #expect(outcome.facts.provider == "two" && outcome.facts.model == "m2")
        #expect(outcome.facts.fallbackReason == code.name)
        #expect(outcome.facts.attempts == 2)
        #expect(second.calls.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"model":"m2"}"#])
    }

    @Test(
        "No fallback is asked where the request is at fault, or may not go out",
        arguments: [ProviderError.Code.rejectedRequest, .unsupported, .refusedByPolicy, .networkDisabled, .cancelled])
    func doesNotFallBack(code: ProviderError.Code) async {
        let second = ScriptedProvider("two", failures: [nil])
        let outcome = await ask(
            gateway(ScriptedProvider("one", failures: [ProviderError(code, "x")]), [(second, "m2")]))
        #expect(self.code(outcome) == code)
        #expect(second.calls.isEmpty)
        #expect(outcome.facts.fallbackReason == nil)
    }

    @Test("Fallbacks are asked in their order, and the last failure is told")
    func ordersFallbacks() async {
        let second = ScriptedProvider("two", failures: [Self.timeout])
        let third = ScriptedProvider("three", failures: [ProviderError(.malformedAnswer, "x")])
        let outcome = await ask(
            gateway(ScriptedProvider("one", failures: [Self.outage]), [(second, "b"), (third, "c")]))
        #expect(code(outcome) == .malformedAnswer)
        #expect(outcome.facts.provider == "three")
        #expect(outcome.facts.fallbackReason == "provider_timeout")
    }

    @Test("A model that is not on the list is not asked, nor any other in its place")
    func allowlist() async {
        let first = ScriptedProvider("one", failures: [nil])
        let second = ScriptedProvider("two", failures: [nil])
        let gateway = gateway(first, [(second, "good")], allowed: ["good"])
        let outcome = await ask(gateway, model: "bad")
        #expect(code(outcome) == .notAllowlisted)
        if case .failure(let error) = outcome.result { #expect(error.message.hasPrefix("model_not_allowlisted:bad")) }
        #expect(first.calls.isEmpty && second.calls.isEmpty)
        #expect(code(await ask(gateway, model: "good")) == nil)
    }

    @Test("A fallback that is not on the list is passed over")
    func allowlistOfFallbacks() async {
        let second = ScriptedProvider("two", failures: [nil])
        let third = ScriptedProvider("three", failures: [nil])
        let first = ScriptedProvider("one", failures: [Self.outage])
        let outcome = await ask(gateway(first, [(second, "bad"), (third, "good")], allowed: ["m", "good"]))
        #expect(code(outcome) == nil)
        #expect(outcome.facts.provider == "three")
        #expect(second.calls.isEmpty)
    }

    @Test("The breaker opens after the run of failures, and the fallback takes over without asking the first")
    func breakerOpens() async {
        let first = ScriptedProvider("one", failures: [Self.outage])
        let second = ScriptedProvider("two", failures: [nil])
        let observed = Observed()
        let gateway = gateway(first, [(second, "b")], failures: 2, observe: { observed.add($0) })
        for _ in 0..<4 { #expect(code(await ask(gateway)) == nil) }
        #expect(first.calls.count == 2)
        let outcome = await ask(gateway)
        #expect(outcome.facts.fallbackReason == "circuit_open")
        #expect(outcome.facts.attempts == 1)
        #expect(
            observed.outcomes(of: "one") == ["provider_unreachable", "provider_unreachable"]
                + Array(repeating: "circuit_open", count: 3))
    }

    @Test("An open breaker says when to come back, and half opens then")
    func breakerHalfOpens() async throws {
        let first = ScriptedProvider("one", failures: [Self.outage, nil])
        let gateway = gateway(first, failures: 1, resetAfter: .seconds(1))
        _ = await ask(gateway)
        let outcome = await ask(gateway)
        guard case .failure(let error) = outcome.result else {
            Issue.record("the breaker did not open")
            return
        }
        #expect(error.code == .circuitOpen)
        #expect(error.retryAfter.map { $0 > .zero && $0 <= .seconds(1) } == true)
        try await Task.sleep(for: .milliseconds(1050))
        #expect(code(await ask(gateway)) == nil)
        #expect(first.calls.count == 2)
    }

    @Test("A request's own fault does not open the breaker, nor does a caller that went away")
    func faultsDoNotOpen() async {
        for code in [ProviderError.Code.rejectedRequest, .unsupported, .cancelled] {
            let first = ScriptedProvider("one", failures: [ProviderError(code, "x")])
            let gateway = gateway(first, failures: 1)
            for _ in 0..<3 { _ = await ask(gateway) }
            #expect(first.calls.count == 3)
        }
    }

    @Test("What was refused on our side says nothing of the server's health")
    func localRefusalsAreNoSuccess() async {
        for code in [ProviderError.Code.unsupported, .refusedByPolicy] {
            let first = ScriptedProvider("one", failures: [Self.outage, ProviderError(code, "x"), Self.outage])
            let gateway = gateway(first, failures: 2)
            for _ in 0..<3 { _ = await ask(gateway) }
            #expect(gateway.breakers.states().values.contains { if case .open = $0 { true } else { false } })
        }
    }

    @Test("A fallback that is passed over does not hide why the first failed")
    func passedOverFallbackHidesNothing() async {
        let second = ScriptedProvider("two", failures: [nil])
        let outcome = await ask(
            gateway(ScriptedProvider("one", failures: [Self.outage]), [(second, "bad")], allowed: ["m"]))
        #expect(code(outcome) == .unreachable)
        #expect(outcome.facts.provider == "one")
    }

    @Test("A fallback has the time of a call of its own after the first one used up its time")
    func fallbackHasItsOwnTime() async {
        let first = ScriptedProvider("one", failure: Self.timeout, after: nil)
        let second = ScriptedProvider("two", failures: [nil])
        let gateway = ModelGateway(
            provider: first, fallbacks: [ModelGateway.Fallback(provider: second, model: "b")],
            policy: ModelGateway.Policy(backoff: .zero, timeout: .milliseconds(50)),
            breakers: CircuitBreakers(maximumFailures: 9, resetAfter: .seconds(1)))
        let outcome = await ask(gateway)
        #expect(code(outcome) == nil)
        #expect(second.calls.count == 1)
        #expect(outcome.facts.provider == "two")
        #expect(outcome.facts.fallbackReason == "provider_timeout")
    }

    /// Attempts as metrics see them.
    final class Observed: Sendable {
        private let records = Mutex<[AttemptRecord]>([])
        func add(_ record: AttemptRecord) { records.withLock { $0.append(record) } }
        func outcomes(of provider: String) -> [String] {
            records.withLock { $0.filter { $0.provider == provider }.map(\.outcome) }
        }
    }
}
