import OrchCore
import Testing

@testable import OrchConfiguration

/// A token that development and production accept.
let goodToken = "k3J9x-Qv7Lw2_Zr8Tb5Yn1Pd"

struct ConfigurationLoaderTests {
    private func load(
        arguments: [String: String] = [:], environment: [String: String] = [:], dotEnv: String? = nil
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let environment = environment.merging(["ORCH_BEARER_TOKEN": goodToken]) { given, _ in given }
        return try ConfigurationLoader.load(
            ConfigurationInputs(arguments: arguments, environment: environment, dotEnv: dotEnv))
    }

    private func setting(_ name: String, in loaded: LoadedConfiguration) throws -> EffectiveSetting {
        try #require(loaded.settings.first { $0.entry.name == name })
    }

    @Test func `defaults make a configuration`() throws {
        let loaded = try load(environment: ["HOME": "/home/u"])
        let configuration = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(configuration.server.environment == .development)
        #expect(configuration.server.host.text == "127.0.0.1")
        #expect(configuration.server.port == 8_088)
        #expect(configuration.server.isAPIEnabled)
        #expect(configuration.auth.isBearerRequired)
        #expect(configuration.auth.bearerTokens == [NamedToken(token: Redacted(goodToken))])
        #expect(configuration.auth.operatorTokens.isEmpty)
        #expect(configuration.auth.allowedHosts.map(\.description) == ["localhost", "127.0.0.1", "[::1]"])
        #expect(configuration.limits.maxRequestBytes == 1_048_576)
        #expect(configuration.limits.maxConnections == 4_096)
        #expect(configuration.limits.isRateLimitEnabled)
        #expect(configuration.limits.rateRules == [RateRule(count: 60, per: .minute)])
        #expect(configuration.logs.isJSON)
        #expect(configuration.logs.level == .info)
        #expect(configuration.metrics.isEnabled)
        #expect(!configuration.models.isEnabled)
        #expect(!configuration.models.isNetworkEnabled)
        #expect(configuration.models.provider == .ollama)
        #expect(configuration.models.ollamaURL.description == "http://127.0.0.1:11434")
        #expect(configuration.models.openAIBaseURL.path == "/v1")
        #expect(configuration.models.openAIAPIKey == nil)
        #expect(configuration.models.localModelPath == nil)
        #expect(configuration.models.reasoner == "qwen2.5:3b")
        #expect(configuration.models.embedding == "nomic-embed-text:latest")
        #expect(configuration.models.timeout == .seconds(30))
        #expect(configuration.models.healthTimeout == .seconds(5))
        #expect(configuration.models.maxOutputCharacters == 4_000)
        #expect(configuration.models.retryCount == 0)
        #expect(configuration.models.retryBackoff == .milliseconds(500))
        #expect(configuration.models.circuitMaxFailures == 3)
        #expect(configuration.models.circuitReset == .seconds(30))
        #expect(configuration.egress.allowlist == [.loopback])
        #expect(configuration.tokens.chatTier1MaxTokens == 4_096)
        #expect(configuration.tokens.reasonerTier1MaxTokens == 32_768)
        #expect(configuration.tokens.tier3MinTokens == 32_768)
        #expect(configuration.tokens.safetyMargin == 1.1)
        #expect(configuration.routing.mode == .basic)
        #expect(configuration.routing.policyPath == "config/router_policy.yaml")
        #expect(configuration.agents.directory == "config/agents")
        #expect(configuration.tools.maxOutputCharacters == 4_000)
        #expect(configuration.receipts.isEnabled)
        #expect(configuration.receipts.databasePath == "instance/trace.db")
        #expect(configuration.storage.instanceDirectory == "instance")
        #expect(configuration.storage.assetsDirectory == "/home/u/.local/share/orchestrators")
        #expect(configuration.storage.isWALEnabled)
        #expect(loaded.settings.map(\.entry.name) == SettingsTable.all.map(\.name))
    }

    @Test func `the command line wins over the environment, that over the file, that over the default`() throws {
        let name = "ORCH_PORT"
        let file = "\n\(name)=3\n"
        let all = try load(arguments: [name: "1"], environment: [name: "2"], dotEnv: file)
        #expect(all.configuration.server.port == 1)
        #expect(try setting(name, in: all).source == .arguments)
        let two = try load(environment: [name: "2"], dotEnv: file)
        #expect(two.configuration.server.port == 2)
        #expect(try setting(name, in: two).source == .environment)
        let one = try load(dotEnv: file)
        #expect(one.configuration.server.port == 3)
        #expect(try setting(name, in: one).source == .dotEnv(line: 2))
        let none = try load()
        #expect(none.configuration.server.port == 8_088)
        #expect(try setting(name, in: none).source == .standard(follows: nil))
    }

    @Test func `an empty value counts as unset`() throws {
        let loaded = try load(environment: ["ORCH_PORT": " ", "ORCH_MODEL_CHAT": ""], dotEnv: "ORCH_PORT=3")
        #expect(loaded.configuration.server.port == 3)
        #expect(loaded.configuration.models.chat == "qwen2.5:3b")
    }

    @Test func `an empty list or secret is a value where that is the default too`() throws {
        let loaded = try load(
            environment: ["ORCH_LLM_MODEL_ALLOWLIST": "", "ORCH_OPENAI_API_KEY": ""],
            dotEnv: "ORCH_LLM_MODEL_ALLOWLIST=a\nORCH_OPENAI_API_KEY=k")
        #expect(loaded.configuration.models.allowlist.isEmpty)
        #expect(loaded.configuration.models.openAIAPIKey == nil)
        #expect(try setting("ORCH_LLM_MODEL_ALLOWLIST", in: loaded).source == .environment)
    }

    @Test(arguments: ["ORCH_PORT", "ORCH_MODEL_CHAT", "ORCH_EGRESS_ALLOWLIST", "ORCH_TRACE_DB_PATH"])
    func `an empty argument is a fault where there must be something`(name: String) {
        #expect(violations(arguments: [name: " "]).map(\.reason) == ["empty"])
    }

    @Test func `an empty argument is a value where the default is empty too`() throws {
        let loaded = try load(arguments: ["ORCH_LOCAL_MODEL_PATH": ""], dotEnv: "ORCH_LOCAL_MODEL_PATH=/m.gguf")
        #expect(loaded.configuration.models.localModelPath == nil)
    }

    @Test func `a zero cap on output is no cap`() throws {
        #expect(try load(arguments: ["ORCH_LLM_MAX_OUTPUT_CHARS": "0"]).configuration.models.maxOutputCharacters == nil)
    }

    @Test func `paths in the instance directory move with it unless they are set`() throws {
        let loaded = try load(environment: ["ORCH_INSTANCE_DIR": "/var/lib/orch/"])
        #expect(loaded.configuration.receipts.databasePath == "/var/lib/orch/trace.db")
        let queue = try setting("ORCH_INTENT_HITL_DB_PATH", in: loaded)
        #expect(queue.shown == "/var/lib/orch/trace.db")
        #expect(queue.source == .standard(follows: "ORCH_TRACE_DB_PATH"))
        let set = try load(environment: ["ORCH_INSTANCE_DIR": "/x", "ORCH_TRACE_DB_PATH": "instance/trace.db"])
        #expect(set.configuration.receipts.databasePath == "instance/trace.db")
    }

    @Test func `the reasoner is the chat model unless it is set`() throws {
        #expect(try load(arguments: ["ORCH_MODEL_CHAT": "m"]).configuration.models.reasoner == "m")
        let both = try load(arguments: ["ORCH_MODEL_CHAT": "m", "ORCH_MODEL_REASONER": "r"])
        #expect(both.configuration.models.reasoner == "r")
    }

    @Test(arguments: [
        (["XDG_DATA_HOME": "/data", "HOME": "/home/u"], "/data/orchestrators"),
        (["XDG_DATA_HOME": "data", "HOME": "/home/u"], "/home/u/.local/share/orchestrators"),
        (["HOME": ""], "instance/assets"),
        ([:], "instance/assets"),
    ])
    func `assets are in the user's data directory`(environment: [String: String], path: String) throws {
        #expect(try load(environment: environment).configuration.storage.assetsDirectory == path)
    }

    @Test func `the bound host is among the allowed ones`() throws {
        let hosts = try load(arguments: ["ORCH_HOST": "[fd00::1]"]).configuration.auth.allowedHosts
        #expect(hosts.map(\.description) == ["[fd00::1]", "localhost", "127.0.0.1", "[::1]"])
    }

    @Test func `all violations come together, in the order of the reference, with source and what is allowed`() {
        let found = violations(
            arguments: ["ORCH_RATE_LIMIT": "often", "ORCH_PROT": "1"],
            environment: ["ORCH_PORT": "65536", "ORCH_ENV": "prod"],
            dotEnv: "oops\nORCH_LOG_JSON=maybe\nORCH_TIER3_MIN_TOKENS=0\nORCH_BEARER_TOKEN=a b")
        let reasons = found.map(\.description)
        #expect(
            reasons == [
                ".env line 1: expected = after the name",
                "ORCH_PROT (command line): not a setting; did you mean ORCH_PORT?",
                "ORCH_ENV = \"prod\" (environment): not one of the known words; allowed: development or production",
                "ORCH_PORT = \"65536\" (environment): out of range; allowed: a whole number from 0 to 65535",
                "ORCH_BEARER_TOKEN (.env line 4): item 1: the token holds a blank, a control character, or one outside "
                    + "of ASCII; allowed: token or name:token, separated by commas",
                "ORCH_RATE_LIMIT = \"often\" (command line): not of the form \"60 per minute\"; allowed: N per second, "
                    + "minute, hour or day, N from 1 to 1000000000, several joined by \";\", such as "
                    + "\"60 per minute; 5 per second\"",
                "ORCH_LOG_JSON = \"maybe\" (.env line 2): not a switch; allowed: 1 or 0 (also true, false, yes, no, on, "
                    + "off)",
                "ORCH_TIER3_MIN_TOKENS = \"0\" (.env line 3): out of range; allowed: a whole number from 1 to 100000000",
            ])
    }

    @Test func `a value in a message is one short line`() throws {
        let value = "a\n\"b\\" + String(repeating: "c", count: 500)
        let violation = try #require(violations(arguments: ["ORCH_PORT": value]).first)
        #expect(violation.description.hasPrefix("ORCH_PORT = \"a\\n\\\"b\\\\ccc"))
        #expect(violation.description.contains("ccc…\" (command line)"))
        #expect(violation.description.count < 300)
    }

    @Test func `every setting refuses a text with a control character inside`() {
        let accepting = SettingsTable.all.filter { (try? $0.canonical("a\u{1}b")) != nil }
        #expect(accepting.map(\.name) == [])
    }

    @Test func `unknown names warn with the nearest known one`() throws {
        let loaded = try load(
            environment: ["ORCH_PROT": "1", "orch_host": "x", "PATH": "/bin", "ORCHARD": "1"],
            dotEnv: "ORCH_FAVOURITE_COLOUR=blue\nOTHER=1")
        #expect(
            loaded.warnings == [
                ConfigurationWarning("ORCH_PROT", "not a setting; did you mean ORCH_PORT?", source: .environment),
                ConfigurationWarning("orch_host", "not a setting; did you mean ORCH_HOST?", source: .environment),
                ConfigurationWarning("ORCH_FAVOURITE_COLOUR", "not a setting", source: .dotEnv(line: 1)),
            ])
    }

    @Test func `of many unknown names the first are reported and the rest counted`() throws {
        let file = (1...25).map { "ORCH_UNKNOWN_THING_\($0)=1" }.joined(separator: "\n")
        let loaded = try load(dotEnv: file)
        #expect(loaded.warnings.count == 21)
        #expect(loaded.warnings.last?.message == "5 more names are no settings")
    }

    @Test func `a repeated name in the file warns and the last value holds`() throws {
        let loaded = try load(dotEnv: "ORCH_PORT=1\nORCH_PORT=2\nOTHER=1\nOTHER=2")
        #expect(loaded.configuration.server.port == 2)
        #expect(
            loaded.warnings == [
                ConfigurationWarning(
                    "ORCH_PORT", "set again: the value of line 1 is ignored", source: .dotEnv(line: 2))
            ])
    }

    @Test func `of many broken or replaced lines the first are reported and the rest counted`() throws {
        let broken = violations(dotEnv: String(repeating: "oops\n", count: 23))
        #expect(broken.count == 21)
        #expect(broken.contains(ConfigurationViolation(".env", "3 more lines cannot be read")))
        let replaced = try load(dotEnv: String(repeating: "ORCH_PORT=1\n", count: 25)).warnings
        #expect(replaced.count == 21)
        #expect(replaced.last == ConfigurationWarning(".env", "4 more lines are replaced by later ones"))
    }

    @Test func `an error carries the warnings that may explain it`() {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader.load(ConfigurationInputs(environment: ["ORCH_BEARER_TOKENS": goodToken]))
        }
        #expect(error?.codeName == "invalid_configuration")
        #expect(error?.message.contains("warning: ORCH_BEARER_TOKENS (environment)") == true)
        #expect(error?.message.hasPrefix("1 thing is wrong with the configuration\n  ORCH_BEARER_TOKEN: ") == true)
    }

    @Test(arguments: [
        ("ORCH_DATABASE_URL", "postgresql://u:hunter2@db/orch"),
        ("ORCH_RATE_LIMIT_STORAGE_URL", "redis://r:6379/0"),
        ("ORCH_WITNESSES", "https://w.example key"),
        ("ORCH_MEMORY_ENABLED", "on"), ("ORCH_OTEL_ENABLED", "1"),
        ("ORCH_TOOL_WEB_SEARCH_ENABLED", "1"),
        ("ORCH_TOOL_LOOP_MAX_STEPS", "1"),
    ])
    func `what somebody would rely on stops the start until it is there`(name: String, value: String) throws {
        let violation = try #require(violations(environment: [name: value]).first)
        #expect(violation.name == name)
        #expect(violation.reason == "known, but this version does not have it yet: unset it")
        #expect(!violation.description.contains("hunter2"))
    }

    @Test func `exactly these settings stop the start`() {
        let names = SettingsTable.all.filter { $0.status == .planned(refuseUnlessDefault: true) }.map(\.name)
        #expect(names.count == 7)
    }

    @Test(arguments: [
        ("ORCH_RATE_LIMIT_ON_OUTAGE", "refuse"),
        ("ORCH_MCP_SERVERS_PATH", "k"),
    ])
    func `other planned settings warn when they are set`(name: String, value: String) throws {
        let loaded = try load(environment: [name: value])
        let warning = ConfigurationWarning(
            name, "known, but it does nothing yet in this version", source: .environment)
        #expect(loaded.warnings == [warning])
    }

    @Test(arguments: ["ORCH_SEMANTIC_ROUTER_ENABLED", "ORCH_INTENT_ROUTER_ENABLED", "ORCH_INTENT_ROUTER_SHADOW"])
    func `routing by meaning warns where nothing is routed at all`(name: String) throws {
        let warnings = try load(environment: [name: "1"]).warnings
        #expect(warnings.map(\.name) == [name])
        #expect(warnings.first?.message.contains("ORCH_ORCHESTRATOR_MODE is basic") == true)
        let advanced = try load(environment: [name: "1", "ORCH_ORCHESTRATOR_MODE": "advanced"])
        #expect(advanced.warnings.isEmpty)
    }

    @Test func `a planned setting at its default is silent, however it is spelt`() throws {
        let loaded = try load(
            environment: [
                "ORCH_MEMORY_ENABLED": "false", "ORCH_SEMANTIC_ROUTER_MIN_SIMILARITY": "0.8",
                "ORCH_OUTPUT_GUARD": "OFF", "ORCH_RETENTION_DAYS": "00", "ORCH_INSTANCE_DIR": "/x",
                "ORCH_MCP_SERVERS_PATH": "config/mcp.yaml", "ORCH_SANDBOX_TIMEOUT_SEC": "10.0", "ORCH_WITNESSES": "",
            ])
        #expect(loaded.warnings.isEmpty)
    }

    @Test(arguments: SettingsTable.all.filter { $0.status != .used }.map(\.name))
    func `every planned setting checks its text`(name: String) throws {
        let entry = try #require(SettingsTable.entry(named: name))
        let found = violations(environment: [name: "\u{1}\u{2}x"])
        #expect(found.map(\.name) == [name])
        #expect(found.first?.allowed == entry.allowed)
    }

    private func violations(
        arguments: [String: String] = [:], environment: [String: String] = [:], dotEnv: String? = nil
    ) -> [ConfigurationViolation] {
        do throws(ConfigurationError) {
            var environment = environment
            if dotEnv?.contains("ORCH_BEARER_TOKEN") != true, environment["ORCH_BEARER_TOKEN"] == nil {
                environment["ORCH_BEARER_TOKEN"] = goodToken
            }
            _ = try ConfigurationLoader.load(
                ConfigurationInputs(arguments: arguments, environment: environment, dotEnv: dotEnv))
            return []
        } catch {
            return error.violations
        }
    }
}
