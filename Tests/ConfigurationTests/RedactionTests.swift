import OrchCore
import Testing

@testable import OrchConfiguration

/// Wherever a configuration may be printed, its secrets are not.
struct RedactionTests {
    private let secret = "hunter2-Qv7Lw2_Zr8Tb5Yn1Pd"

    private var environment: [String: String] {
        [
            "ORCH_BEARER_TOKEN": "alice:\(secret)", "ORCH_OPERATOR_TOKEN": "bob:\(secret)-op",
            "ORCH_OPENAI_API_KEY": "sk-\(secret)",
        ]
    }

    private func everything<Subject>(_ subject: Subject) -> String {
        var text = "\(subject)" + String(reflecting: subject)
        dump(subject, to: &text)
        return text
    }

    @Test func `nothing that is loaded prints a secret`() throws {
        let inputs = ConfigurationInputs(environment: environment, dotEnv: "ORCH_WEBHOOK_SECRET=")
        let loaded = try ConfigurationLoader.load(inputs)
        #expect(loaded.configuration.models.openAIAPIKey?.exposed == "sk-\(secret)")
        let texts = [
            everything(inputs), everything(loaded), everything(loaded.configuration),
            ConfigurationReport(loaded.settings).table(), ConfigurationReport(loaded.settings).json(),
        ]
        for text in texts { #expect(!text.contains("hunter2")) }
        #expect(texts[3].contains("[redacted]"))
        #expect(texts[4].contains("[redacted]"))
    }

    @Test(arguments: ["development", "production"])
    func `no error or warning repeats a secret`(mode: String) {
        var environment = environment
        environment["ORCH_ENV"] = mode
        environment["ORCH_OPERATOR_TOKEN"] = "bob:hunter2,carol:hunter2 x,\(secret)"
        environment["ORCH_BEARER_TOKEN"] = "alice:hunter2"
        environment["ORCH_WEBHOOK_SECRET"] = secret
        environment["ORCH_DATABASE_URL"] = "postgresql://u:\(secret)@db/x?password=\(secret)"
        environment["ORCH_RATE_LIMIT_STORAGE_URL"] = "reddis://:\(secret)@r:6379"
        environment["ORCH_OLLAMA_URL"] = "http://u:\(secret)@ollama"
        environment["ORCH_TOKEN"] = secret
        let inputs = ConfigurationInputs(
            environment: environment,
            dotEnv: "ORCH_OPENAI_API_KEY \(secret)\nORCH_A=\"\(secret)\n\(secret)\nORCH_PORT=\"\(secret)\" x")
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationLoader.load(inputs) }
        let text = error.map(everything) ?? ""
        #expect(text.contains("ORCH_WEBHOOK_SECRET"))
        #expect(!text.contains("hunter2"))
        let resolved = ConfigurationLoader.resolve(inputs)
        #expect(!everything(resolved).contains("hunter2"))
        #expect(!ConfigurationReport(resolved.settings).table().contains("hunter2"))
    }
}
