import Testing

@testable import OrchConfiguration

struct StartRulesTests {
    private func resolve(_ environment: [String: String]) -> ResolvedSettings {
        ConfigurationLoader.resolve(ConfigurationInputs(environment: environment))
    }

    @Test func `development without a token says how to make one`() {
        let violations = resolve([:]).violations
        #expect(violations.map(\.name) == ["ORCH_BEARER_TOKEN"])
        #expect(violations.first?.reason.contains("./scripts/quickstart") == true)
        #expect(violations.first?.reason.contains("openssl rand -hex 24") == true)
    }

    @Test(arguments: ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
    func `no bearer is fine on a loopback host`(host: String) {
        #expect(resolve(["ORCH_REQUIRE_BEARER": "0", "ORCH_HOST": host]).violations.isEmpty)
    }

    @Test(arguments: ["0.0.0.0", "::", "10.0.0.1", "myhost", "localhost.example.org", "128.0.0.1"])
    func `no bearer is refused on any other host`(host: String) {
        let violations = resolve(["ORCH_REQUIRE_BEARER": "0", "ORCH_HOST": host]).violations
        #expect(violations.map(\.name) == ["ORCH_REQUIRE_BEARER"])
        #expect(violations.first?.source == .environment)
    }

    @Test func `receipts want the WAL journal`() {
        let base = ["ORCH_BEARER_TOKEN": "t", "ORCH_SQLITE_WAL_ENABLED": "0"]
        #expect(resolve(base).violations.map(\.name) == ["ORCH_SQLITE_WAL_ENABLED"])
        #expect(resolve(base.merging(["ORCH_TRACE_ENABLED": "0"]) { $1 }).violations.isEmpty)
    }

    @Test(arguments: [("0.99", 1), ("1.0", 0), ("1", 0)])
    func `a safety margin under one warns`(margin: String, count: Int) {
        let warnings = resolve(["ORCH_BEARER_TOKEN": "t", "ORCH_TOKEN_SAFETY_MARGIN": margin]).warnings
        #expect(warnings.count == count)
        #expect(warnings.allSatisfy { $0.name == "ORCH_TOKEN_SAFETY_MARGIN" })
    }

    @Test func `listening everywhere without naming hosts warns`() {
        let base = ["ORCH_BEARER_TOKEN": "t", "ORCH_HOST": "0.0.0.0"]
        #expect(resolve(base).warnings.map(\.name) == ["ORCH_ALLOWED_HOSTS"])
        #expect(resolve(base.merging(["ORCH_ALLOWED_HOSTS": "orch.example.org"]) { $1 }).warnings.isEmpty)
    }

    @Test func `no rule judges the default that stands in for a faulty value`() {
        let violations = resolve(["ORCH_BEARER_TOKEN": "a b"]).violations
        #expect(violations.map(\.name) == ["ORCH_BEARER_TOKEN"])
    }
}

struct ProductionRulesTests {
    private let base = [
        "ORCH_ENV": "production", "ORCH_BEARER_TOKEN": goodToken, "ORCH_RATE_LIMIT_ENABLED": "0",
        "ORCH_OPERATOR_TOKEN": "op:9fX-2mQ7_vK4tZ8bL1wR6yN3",
    ]

    private func violations(
        _ changes: [String: String] = [:], without removed: [String] = []
    ) -> [ConfigurationViolation] {
        var environment = base.merging(changes) { $1 }
        for name in removed { environment[name] = nil }
        return ConfigurationLoader.resolve(ConfigurationInputs(environment: environment)).violations
    }

    @Test func `what production needs is enough`() {
        #expect(violations().isEmpty)
        #expect(violations(without: ["ORCH_OPERATOR_TOKEN"]).isEmpty)
    }

    @Test func `all refusals come at once`() {
        let found = violations(
            [
                "ORCH_REQUIRE_BEARER": "0", "ORCH_HOST": "0.0.0.0", "ORCH_OPERATOR_TOKEN": "op:changeme",
                "ORCH_RATE_LIMIT_ENABLED": "1", "ORCH_LOG_LEVEL": "Debug", "ORCH_TRACE_ENABLED": "0",
                "ORCH_SQLITE_WAL_ENABLED": "0", "ORCH_TOOL_APPROVAL_ENFORCE": "0",
            ], without: ["ORCH_BEARER_TOKEN"])
        #expect(
            found.map(\.name) == [
                "ORCH_REQUIRE_BEARER", "ORCH_BEARER_TOKEN", "ORCH_OPERATOR_TOKEN", "ORCH_RATE_LIMIT_ENABLED",
                "ORCH_LOG_LEVEL", "ORCH_TOOL_APPROVAL_ENFORCE", "ORCH_TRACE_ENABLED", "ORCH_SQLITE_WAL_ENABLED",
            ])
    }

    @Test(arguments: [
        ("ORCH_REQUIRE_BEARER", "0"), ("ORCH_BEARER_TOKEN", ""), ("ORCH_RATE_LIMIT_ENABLED", "1"),
        ("ORCH_LOG_LEVEL", "trace"), ("ORCH_LOG_LEVEL", "DEBUG"), ("ORCH_TRACE_ENABLED", "0"),
        ("ORCH_SQLITE_WAL_ENABLED", "0"), ("ORCH_OPERATOR_TOKEN", "op:short"), ("ORCH_TOOL_APPROVAL_ENFORCE", "0"),
        ("ORCH_OPERATOR_TOKEN", "op:" + goodToken),
    ])
    func `each refusal comes alone`(name: String, value: String) {
        #expect(violations([name: value]).map(\.name) == [name])
    }

    @Test func `production enforces the tool policy, whatever the setting says`() {
        for value in ["0", "1"] {
            let environment = base.merging(["ORCH_TOOL_POLICY_ENFORCE": value]) { $1 }
            let loaded = try? ConfigurationLoader.load(ConfigurationInputs(environment: environment))
            #expect(loaded?.configuration.policy.isEnforced == true)
        }
    }

    @Test func `a webhook is signed, or there is none`() {
        let url = "ORCH_WEBHOOK_URL"
        #expect(violations([url: "https://h.example/x"]).map(\.name) == ["ORCH_WEBHOOK_SECRET"])
        func refused(_ secret: String) -> [String] {
            violations([url: "https://h.example/x", "ORCH_WEBHOOK_SECRET": secret]).map { $0.name ?? "" }
        }
        let (short, enough) = (String(repeating: "A", count: 31), String(repeating: "A", count: 32))
        for secret in [String(repeating: "x", count: 16), "whsec_" + enough] { #expect(refused(secret).isEmpty) }
        for secret in [String(repeating: "x", count: 15), "whsec_", "whsec_" + short, "whsec_-" + enough] {
            #expect(refused(secret) == ["ORCH_WEBHOOK_SECRET"])
        }
        #expect(violations(["ORCH_WEBHOOK_SECRET": enough]).isEmpty)
    }

    @Test func `shared limits are not there yet, and the message says what to do`() {
        let reason = violations(["ORCH_RATE_LIMIT_ENABLED": "1"]).first?.reason ?? ""
        #expect(reason.contains("ORCH_RATE_LIMIT_STORAGE_URL"))
        #expect(reason.contains("set it to 0"))
        let both = violations(["ORCH_RATE_LIMIT_ENABLED": "1", "ORCH_RATE_LIMIT_STORAGE_URL": "redis://r"])
        #expect(both.map(\.name) == ["ORCH_RATE_LIMIT_ENABLED", "ORCH_RATE_LIMIT_STORAGE_URL"])
    }

    @Test func `each weak token of a list is named by its place`() {
        let found = violations(["ORCH_BEARER_TOKEN": "a:short,b:\(goodToken),c:token"])
        #expect(found.map { $0.reason.prefix(6) } == ["item 1", "item 3"])
    }

    @Test func `development takes what production refuses`() {
        let loose = ["ORCH_ENV": "development", "ORCH_BEARER_TOKEN": "test", "ORCH_LOG_LEVEL": "trace"]
        #expect(violations(loose).isEmpty)
    }
}

struct TokenStrengthTests {
    @Test(arguments: [
        "changeme", "CHANGE-ME", "example", "test", "secret", "Token", "your-token-here",
        "my-example-token-with-length-9x", "replace-me-with-openssl-rand-hex-24", "change_this_to_something_long_42",
        "password-password-qzxj",
        "0123456789abcdefghij-XYZ", "<insert-your-token-here>-12345",
    ])
    func `an example is recognised`(token: String) {
        #expect(TokenStrength.weakness(of: token) == "is an example, not a secret")
    }

    @Test(arguments: ["x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "--------------------------"])
    func `a repeated character is recognised`(token: String) {
        #expect(TokenStrength.weakness(of: token) == "repeats a single character")
    }

    @Test func `length counts from 24 on`() {
        #expect(TokenStrength.weakness(of: String(goodToken.prefix(23))) == "is shorter than 24 characters")
        #expect(goodToken.utf8.count == 24)
        #expect(TokenStrength.weakness(of: goodToken) == nil)
    }

    @Test func `variety counts from 10 on`() {
        #expect(
            TokenStrength.weakness(of: "180257364080214357620851") == "has fewer than 10 different characters")
        #expect(TokenStrength.weakness(of: "180257364080214357620859") == nil)
    }

    @Test func `a repeated text is recognised`() {
        #expect(TokenStrength.weakness(of: "k3J9x-Qv7Lw2k3J9x-Qv7Lw2k3J") == "repeats a shorter text")
    }

    @Test(arguments: 0..<300)
    func `a random token passes`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let token = (0..<48).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined()
        #expect(TokenStrength.weakness(of: token) == nil)
    }
}
