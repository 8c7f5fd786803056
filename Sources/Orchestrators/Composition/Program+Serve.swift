import Logging
import OrchAgents
import OrchClassification
import OrchConfiguration
import OrchCore
import OrchHTTPTransport
import OrchObservability
import OrchOrchestrator
import OrchPolicyFiles
import OrchProviders
import OrchReceipts
import OrchServer
import OrchStorageSQLite
import ServiceLifecycle
import Synchronization
import UnixSignals

extension Program {
    /// How long running requests may go on after the server was told to stop.
    private static let shutdownPatience = Duration.seconds(30)
    private static let retentionInterval = Duration.seconds(3600)
    private static let methods = ["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH"]

    /// Runs the server until SIGTERM or SIGINT.
    func serve() async throws {
        for warning in loaded.warnings {
            logger.warning("\(warning.message)", metadata: ["setting": "\(warning.name)"])
        }
        if configuration.auth.operatorTokens.isEmpty, configuration.server.environment == .development {
            logger.notice("no ORCH_OPERATOR_TOKEN is set: in development, bearer tokens count as operators'")
        }
        let receiptLog = try receipts?.log()
        try await receiptLog?.start()
        let leftOpen = try receiptLog?.openTraces() ?? []
        let areClosed = try await closeTraces(leftOpen, in: receiptLog)
        try await closeRunsOfDeadProcess()
        let problems = [router.problem, toolPolicies.file.problem].compactMap({ $0 })
        if let missing = tokenizers.missingTable { logger.notice("\(missing)") }
        for problem in problems + agents.current.value.problems + toolProblems {
            logger.error("a policy file is not in force", metadata: ["problem": "\(problem.message)"])
        }

        let intentStore = await intentCache?.restore()
        await learnIntents()

        let failures = LoginFailures()
        let policies = policyCache()
        let shelter = WorkShelter()
        let server = httpServer(policies, receiptLog, failures, shelter)

        var services: [any Service] = []
        if let localServer = models.localServer { services.append(localServer) }
        services += [
            // Before the server, so that it ends after it.
            Shelter(work: shelter),
            Loop("vocabularies") { await self.readVocabularies() },
            Loop("sandbox") { await self.prepareSandbox() },
            Loop("policies") { await self.watchPolicies() },
            Loop("reviews") { await self.keepReviews() },
            Loop("traces left open") { await self.closeTracesOnce(areClosed ? [] : leftOpen, in: receiptLog) },
            Loop("login failures") { await self.receiptLoginFailures(failures, policies) },
            server.service(
                host: configuration.server.host.text, port: configuration.server.port,
                maximumConnections: configuration.limits.maxConnections, group: group, logger: logger
            ) { port in
                self.logger.notice(
                    "listening on http://\(self.configuration.server.host):\(port)",
                    metadata: ["version": "\(OrchestratorProgram.version)"])
            },
        ]
        if let receipts, LogActs.Retention(configuration.storage).isOn {
            services.append(Loop("retention") { await self.retireOldTraces(receipts, policies) })
        }
        if let intents { services.append(Loop("intents") { await intents.run(progress: self.learningProgress()) }) }
        if let intentCache, let intentStore {
            services.append(
                Loop("intent cache", end: { await intentCache.save(to: intentStore) }) {
                    await intentCache.run(intentStore)
                })
        }
        if let webhook = try webhook(policies) { services.append(Loop("webhook") { await webhook() }) }
        var lifecycle = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        lifecycle.maximumGracefulShutdownDuration = Self.shutdownPatience
        try await ServiceGroup(configuration: lifecycle).run()
        try await receiptLoginFailures(failures.drain(), policies)
        await transport.shutDown()
        logger.notice("stopped")
    }

    private func httpServer(
        _ policies: PolicyCache, _ receiptLog: SQLiteReceiptLog?, _ failures: LoginFailures, _ shelter: WorkShelter
    ) -> HTTPServer {
        let pins: @Sendable () -> Pins = { policies.current.pins }
        let readiness = self.readiness(receiptLog)
        let logReader = try? receipts.map { SQLiteLogReader(database: try $0.database()) }
        let chat = chat(policies)
        let endpoints = Endpoints(
            chat: chat,
            embeddings: EmbeddingPipeline(
                gateway: models.gateway,
                // The managed model has no embeddings.
                model: configuration.models.provider == .local
                    ? BuiltInEmbedder.standardName : configuration.models.embedding,
                aliases: aliases, builtIn: embedders.builtIn, asksOtherMachines: models.asksOtherMachines,
                recorder: recorder, pins: pins),
            tools: ToolPipeline(runner: tools, recorder: recorder, policies: { policies.current }),
            reviews: ReviewDesk(
                runner: tools, recorder: recorder, policies: { policies.current }, shelter: shelter,
                chat: { body, agent, caller, reviewed in
                    try await chat.answer(body, agentName: agent, caller: caller, reviewed: reviewed)
                },
                chatLimit: configuration.models.timeout * (1 + configuration.models.fallbacks.count)),
            audit: logReader.map { AuditDesk(log: $0, policy: policyInForce) },
            isAuditPublic: configuration.receipts.isAuditPublic, trust: trustPanel(logReader),
            directory: modelDirectory, agents: { [agents] in agents.current.value.catalog },
            readiness: { await readiness.check() },
            metrics: metricsText, startedAt: wallClock(), version: OrchestratorProgram.version)
        return HTTPServer(
            endpoints: endpoints, access: access(failures),
            limits: ServerLimits(maximumBodyBytes: configuration.limits.maxRequestBytes), now: wallClock,
            observer: { templates in
                let requests = RequestMetrics(
                    registry: registry, routes: templates, methods: Self.methods)
                return { record in self.observe(record, requests) }
            })
    }

    /// nil where it is off.
    private func trustPanel(_ log: SQLiteLogReader?) -> TrustPanel? {
        let settings = configuration.receipts.trustPanel
        guard settings.isEnabled, let log else { return nil }
        return TrustPanel(
            steps: SQLiteTrustReader(database: log.database), log: log,
            settings: TrustPanel.Settings(
                maximumEvents: settings.maxEvents, maximumValueCharacters: settings.maxValueCharacters,
                isDebugAllowed: settings.isDebugAllowed),
            redact: scrubbers.records)
    }

    private var metricsText: (@Sendable () -> [UInt8])? {
        guard configuration.metrics.isEnabled else { return nil }
        let breakers = models.gateway?.breakers
        return { [registry, metrics] in
            if let breakers { metrics.circuits(breakers.states()) }
            return registry.render()
        }
    }

    private func access(_ failures: LoginFailures) -> AccessRules {
        let (auth, limits) = (configuration.auth, configuration.limits)
        let rules = limits.rateRules.map { RateLimiter.Rule(limit: $0.count, period: $0.unit.duration) }
        return AccessRules(
            hosts: HostPolicy(auth.allowedHosts.map { HostPolicy.Entry(host: $0.host.description, port: $0.port) }),
            isAPIEnabled: configuration.server.isAPIEnabled, isBearerRequired: auth.isBearerRequired,
            tokens: BearerTokens(
                bearers: auth.bearerTokens.map { ($0.name, $0.token) },
                operators: auth.operatorTokens.map { ($0.name, $0.token) },
                bearersAreOperators: configuration.server.environment == .development),
            limiter: limits.isRateLimitEnabled && !rules.isEmpty ? RateLimiter(rules: rules) : nil,
            failures: failures)
    }

    private func readiness(_ receiptLog: SQLiteReceiptLog?) -> ReadinessCheck {
        ReadinessCheck(
            isAPIEnabled: configuration.server.isAPIEnabled,
            receiptsAreHealthy: {
                guard let receiptLog, !receiptLog.isHealthy else { return true }
                return await receiptLog.probe()
            },
            approvalsAreHealthy: { [reviewStorage] in reviewStorage.isHealthy },
            // Where calls are off, no model server is needed.
            provider: configuration.models.isNetworkEnabled || configuration.models.provider == .local
                ? models.provider : nil,
            timeout: configuration.models.healthTimeout)
    }

    /// Counts a request and logs it: what it was, never what it said.
    private func observe(_ record: RequestRecord, _ requests: RequestMetrics) {
        let route = record.route ?? RequestMetrics.other
        requests.record(
            route: route, method: Self.methods.firstIndex(of: record.method) ?? RequestMetrics.other,
            status: record.status, duration: record.duration)
        if let type = record.errorType, let code = record.errorCode {
            requests.recordError(route: route, type: type, code: code)
            if record.status == 401 { metrics.refusedLogin() }
            if record.status == 429 { metrics.refusedByRate() }
        }
        let level: Logger.Level = record.status >= 500 && record.status != 503 ? .error : .info
        guard level >= logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "request_id": "\(record.requestID)", "method": "\(record.method)", "status": "\(record.status)",
            "route": "\(record.template ?? "unknown")", "duration_us": "\(record.duration.wholeNanoseconds / 1000)",
        ]
        if let caller = record.caller { metadata["caller"] = "\(caller)" }
        if let traceID = record.traceID { metadata["trace_id"] = "\(traceID)" }
        if let code = record.errorCode { metadata["code"] = "\(code)" }
        if record.wasCutOff { metadata["cut_off"] = "true" }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// Closes the traces that were open at the start, unless a command runs, which they may be of.
    ///
    /// - Returns: Whether they are closed.
    private func closeTraces(_ traces: Set<TraceID>, in log: SQLiteReceiptLog?) async throws -> Bool {
        guard let log, !traces.isEmpty else { return true }
        return try await instance.withoutCommands {
            let closed = try await log.closeTracesOfDeadProcess(among: traces, at: wallClock())
            guard closed > 0 else { return }
            logger.warning(
                "closed the traces of requests that a dead process left open", metadata: ["count": "\(closed)"])
        }
    }

    /// Closes them once no command runs.
    private func closeTracesOnce(_ traces: Set<TraceID>, in log: SQLiteReceiptLog?) async {
        var areClosed = traces.isEmpty
        while (try? await Task.sleep(for: .seconds(areClosed ? 3600 : 1))) != nil {
            guard !areClosed else { continue }
            areClosed = (try? await closeTraces(traces, in: log)) ?? false
        }
    }

    /// Reads them while the server begins to listen; a request that needs one before that reads it itself.
    private func readVocabularies() async {
        for problem in tokenizers.preload() {
            logger.error(
                "a vocabulary cannot be used; bytes are counted in its place", metadata: ["problem": "\(problem)"])
        }
        while (try? await Task.sleep(for: .seconds(3600))) != nil {}
    }

    /// Learns the intents before the server listens, where that takes a moment, so that every request is decided by all
    /// of them. Else the server listens, and learns meanwhile.
    private func learnIntents() async {
        guard let intents else { return }
        let policy = configuration.policy
        if configuration.routing.intents.isEnabled,
            !policy.areReviewsEnabled
                || configuration.auth.operatorTokens.isEmpty
                    && configuration.server.environment == .production
        {
            logger.warning(
                "requests that are not clear are for a human, and there is none: set ORCH_OPERATOR_TOKEN and ORCH_INTENT_HITL_ENABLED=1"
            )
        }
        if let problem = intents.file.problem {
            logger.warning("there are no intents", metadata: ["problem": "\(problem.message)"])
        }
        guard intents.isQuick else { return }
        let start = ContinuousClock.now
        await intents.learn(progress: learningProgress())
        guard let classifier = intents.current.classifier else { return }
        logger.notice(
            "intents learned",
            metadata: [
                "intents": "\(classifier.labels.count)",
                "duration_ms": "\(start.duration(to: .now).wholeNanoseconds / 1_000_000)",
            ])
    }

    /// Says every so often how far learning is.
    private func learningProgress() -> @Sendable (TrainingProgress) -> Void {
        let last = Mutex(ContinuousClock.now)
        return { [logger] progress in
            let isDue = last.withLock { last in
                guard last.duration(to: .now) >= .seconds(2) else { return false }
                last = .now
                return true
            }
            guard isDue else { return }
            logger.info(
                "learning intents",
                metadata: ["phase": "\(progress.phase)", "done": "\(progress.done)", "of": "\(progress.total)"])
        }
    }

    private func watchPolicies() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.router.run() }
            tasks.addTask { await self.toolPolicies.file.run() }
            tasks.addTask { await self.watchAgents() }
        }
    }

    /// A broken agent file drops out and the rest work: it is reported by name and line, once.
    private func watchAgents() async {
        var known = Set(agents.current.value.problems.map(\.message))
        while (try? await Task.sleep(for: Self.policyInterval)) != nil {
            agents.poll()
            let problems = agents.current.value.problems.map(\.message)
            for problem in problems where !known.contains(problem) {
                logger.error("an agent file is not in force", metadata: ["problem": "\(problem)"])
            }
            known = Set(problems)
        }
    }

    /// Receipts refused logins once a minute, as a number.
    private func receiptLoginFailures(_ failures: LoginFailures, _ policies: PolicyCache) async {
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            do { try await receiptLoginFailures(failures.drain(), policies) } catch {
                logger.error("refused logins could not be receipted")
            }
        }
    }

    private func receiptLoginFailures(_ count: Int, _ policies: PolicyCache) async throws {
        guard count > 0 else { return }
        try await recorder.recordRefusedLogins(count, pins: policies.current.pins)
    }

    /// Deletes the contents of traces that are too old or too many, at the start and once an hour.
    private func retireOldTraces(_ receipts: ReceiptStore, _ policies: PolicyCache) async {
        repeat {
            let acts = LogActs(
                store: receipts, reviews: reviewStorage, retention: LogActs.Retention(configuration.storage),
                caller: Caller(name: "server", isOperator: true),
                pins: policies.current.pins, lock: {})
            do {
                let report = try await acts.retire(isRehearsal: false)
                guard report.traces > 0 else { continue }
                logger.notice("retention deleted the contents of traces", metadata: ["traces": "\(report.traces)"])
            } catch {
                logger.error("retention failed", metadata: ["problem": "\(error.message)"])
            }
        } while (try? await Task.sleep(for: Self.retentionInterval)) != nil
    }
}

/// Does the work that must not end with its request, and at the end waits for what is under way.
private struct Shelter: Service {
    let work: WorkShelter

    func run() async throws {
        await withGracefulShutdownHandler {
            await work.run()
        } onGracefulShutdown: {
            work.close()
        }
    }
}

/// A service that runs a loop until it is told to stop.
private struct Loop: Service, CustomStringConvertible {
    let description: String
    private let body: @Sendable () async -> Void
    private let end: @Sendable () async -> Void

    /// - Parameter end: What is done once it has ended, in a task that nobody has cancelled.
    init(
        _ description: String, end: @escaping @Sendable () async -> Void = {},
        _ body: @escaping @Sendable () async -> Void
    ) {
        self.description = description
        self.body = body
        self.end = end
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await body() }
        await end()
    }
}
