package import OrchCore
package import OrchEgress

/// The way to the models: allow-list, retries, circuit breakers and fallbacks around one or more providers.
package struct ModelGateway: Sendable {
    /// How calls are guarded.
    package struct Policy: Sendable {
        /// Empty allows every model.
        package var allowedModels: Set<String>
        /// Tries after the first.
        package var retries: Int
        package var backoff: Duration
        /// The limit for a whole call of one provider, its retries included.
        package var timeout: Duration

        package init(allowedModels: Set<String> = [], retries: Int = 0, backoff: Duration, timeout: Duration) {
            self.allowedModels = allowedModels
            self.retries = retries
            self.backoff = backoff
            self.timeout = timeout
        }
    }

    /// A provider to turn to when those before it are down, and the model to ask of it.
    package struct Fallback: Sendable {
        package var provider: any ModelProvider
        package var model: String

        package init(provider: any ModelProvider, model: String) {
            self.provider = provider
            self.model = model
        }
    }

    package let provider: any ModelProvider
    private let fallbacks: [Fallback]
    private let policy: Policy
    package let breakers: CircuitBreakers
    /// A fraction from 0 to 1 that spreads retries.
    private let jitter: @Sendable () -> Double
    private let sleep: @Sendable (Duration) async throws -> Void
    private let observe: @Sendable (AttemptRecord) -> Void

    package init(
        provider: any ModelProvider, fallbacks: [Fallback] = [], policy: Policy, breakers: CircuitBreakers,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        observe: @escaping @Sendable (AttemptRecord) -> Void = { _ in }
    ) {
        self.provider = provider
        self.fallbacks = fallbacks
        self.policy = policy
        self.breakers = breakers
        self.jitter = jitter
        self.sleep = sleep
        self.observe = observe
    }

    /// Gets a whole answer from the first provider that gives one.
    ///
    /// - Parameter body: Makes the body to send for a model's name.
    package func complete(
        model: String, inputTokens: Int, body: (String) -> [UInt8]
    ) async -> GatewayOutcome<JSONDocument> {
        await call(model: model, inputTokens: inputTokens, body: body) { provider, call throws(ProviderError) in
            let reply = try await provider.complete(call)
            return (reply.body, reply.connected)
        }
    }

    /// Opens a stream with the first provider that lets one begin.
    package func stream(
        model: String, inputTokens: Int, body: (String) -> [UInt8]
    ) async -> GatewayOutcome<ChunkStream> {
        await call(model: model, inputTokens: inputTokens, body: body) { provider, call throws(ProviderError) in
            let stream = try await provider.stream(call)
            return (stream, stream.connected)
        }
    }

    /// Gets embeddings from the first provider: another one's model would embed into another space.
    package func embed(model: String, body: (String) -> [UInt8]) async -> GatewayOutcome<JSONDocument> {
        await call(model: model, inputTokens: 0, mayFallBack: false, body: body) {
            provider, call throws(ProviderError) in
            let reply = try await provider.embed(call.body, timeout: call.timeout)
            return (reply.body, reply.connected)
        }
    }

    private func call<Answer: Sendable>(
        model: String, inputTokens: Int, mayFallBack: Bool = true, body: (String) -> [UInt8],
        _ ask: (any ModelProvider, ChatCall) async throws(ProviderError) -> (Answer, ConnectionRecord?)
    ) async -> GatewayOutcome<Answer> {
        var facts = CallFacts(provider: provider.name, model: model)
        var failure = ProviderError(.failed, "no model server was asked")
        let start = ContinuousClock.now
        let routes = [Fallback(provider: provider, model: model)] + (mayFallBack ? fallbacks : [])
        routes: for (index, route) in routes.enumerated() {
            guard policy.allowedModels.isEmpty || policy.allowedModels.contains(route.model) else {
                // A fallback that may not be asked is passed over, and what the first failed with stands.
                if index > 0 { continue }
                failure = ProviderError(
                    .notAllowlisted, "model_not_allowlisted:\(route.model): list it in ORCH_LLM_MODEL_ALLOWLIST")
                break
            }
            let deadline = ContinuousClock.now.advanced(by: policy.timeout)
            facts.provider = route.provider.name
            facts.model = route.model
            if index > 0 { facts.fallbackReason = failure.codeName }
            let bytes = body(route.model)
            for attempt in 0...policy.retries {
                let remaining = ContinuousClock.now.duration(to: deadline)
                guard remaining > .zero else {
                    failure = ProviderError(.timedOut, "the model server did not answer in time")
                    break routes
                }
                let call = ChatCall(model: route.model, body: bytes, inputTokens: inputTokens, timeout: remaining)
                do throws(ProviderError) {
                    let answer = try await attemptOnce(route.provider, call, &facts, ask)
                    facts.latency = start.duration(to: .now)
                    return GatewayOutcome(result: .success(answer), facts: facts)
                } catch {
                    failure = error
                }
                guard failure.isRetryable, attempt < policy.retries else { break }
                let pause = failure.retryAfter ?? backoff(attempt)
                guard pause < ContinuousClock.now.duration(to: deadline) else { break }
                do { try await sleep(pause) } catch {
                    failure = ProviderError(.cancelled, "the call was cancelled")
                    break routes
                }
            }
            guard failure.isOutage else { break }
        }
        facts.latency = start.duration(to: .now)
        return GatewayOutcome(result: .failure(failure), facts: facts)
    }

    private func attemptOnce<Answer: Sendable>(
        _ provider: any ModelProvider, _ call: ChatCall, _ facts: inout CallFacts,
        _ ask: (any ModelProvider, ChatCall) async throws(ProviderError) -> (Answer, ConnectionRecord?)
    ) async throws(ProviderError) -> Answer {
        let key = CircuitBreakers.Key(provider: provider.name, model: call.model)
        if case .refused(let wait) = breakers.admit(key, at: .now) {
            observe(AttemptRecord(provider: provider.name, outcome: "circuit_open"))
            throw ProviderError(
                .circuitOpen, "calls to the model server are paused after repeated failures", retryAfter: wait)
        }
        facts.attempts += 1
        do throws(ProviderError) {
            let (answer, connected) = try await ask(provider, call)
            breakers.record(key, success: true, at: .now)
            if let connected { facts.connections.append(connected) }
            observe(AttemptRecord(provider: provider.name, outcome: "ok"))
            return answer
        } catch {
            observe(AttemptRecord(provider: provider.name, outcome: error.codeName))
            if let connection = error.connection { facts.connections.append(connection) }
            if !error.tellsOfServer {
                breakers.abandon(key, at: .now)
            } else {
                // A request that the server found fault with says that the server works.
                breakers.record(key, success: !error.isOutage, at: .now)
            }
            throw error
        }
    }

    /// Exponential from the base, with full jitter.
    private func backoff(_ attempt: Int) -> Duration {
        policy.backoff * (Double(1 << min(attempt, 16)) * jitter())
    }
}

/// What became of a call, and how it went, whatever became of it.
package struct GatewayOutcome<Answer: Sendable>: Sendable {
    package var result: Result<Answer, ProviderError>
    package var facts: CallFacts
}

/// How a call went, for the receipt.
package struct CallFacts: Sendable {
    /// Who answered, or failed last.
    package var provider: String
    package var model: String
    package var attempts = 0
    package var latency = Duration.zero
    /// Why the first choice did not answer, where a fallback was asked.
    package var fallbackReason: String?
    package var connections: [ConnectionRecord] = []

    package init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }
}

/// One attempt's end, for metrics.
package struct AttemptRecord: Sendable {
    package var provider: String
    package var outcome: String
}
