import OrchCore
import Testing

@testable import OrchConfiguration

struct ConfigurationReportTests {
    private var settings: [EffectiveSetting] {
        ConfigurationLoader.resolve(
            ConfigurationInputs(
                arguments: ["ORCH_PORT": "1"],
                environment: ["ORCH_BEARER_TOKEN": goodToken, "ORCH_DATABASE_URL": "postgresql://u:p@db/x"],
                dotEnv: "ORCH_HOST=::1")
        ).settings
    }

    @Test func `the table has a line for each setting`() {
        let lines = ConfigurationReport(settings).table().split(separator: "\n")
        #expect(lines.count == SettingsTable.all.count + 1)
        let cells = lines.map { $0.split(separator: " ").map(String.init) }
        #expect(cells[0] == ["NAME", "VALUE", "SOURCE", "DEFAULT", "AREA"])
        #expect(cells.contains(["ORCH_PORT", "1", "command", "line", "8088", "server"]))
        #expect(cells.contains(["ORCH_HOST", "::1", ".env", "line", "1", "127.0.0.1", "server"]))
        #expect(cells.contains(["ORCH_BEARER_TOKEN", "[redacted]", "environment", "-", "auth"]))
        #expect(cells.contains(["ORCH_OPERATOR_TOKEN", "-", "default", "-", "auth"]))
        #expect(
            cells.contains(["ORCH_DATABASE_URL", "postgresql://[redacted]@db/x", "environment", "-", "storage"]))
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `the JSON has an object for each setting`() throws {
        let text = ConfigurationReport(settings).json()
        let items = try #require(try JSONValue(parsing: Array(text.utf8)).objectValue?["settings"]?.arrayValue)
        #expect(items.count == SettingsTable.all.count)
        #expect(
            items.contains([
                "name": "ORCH_PORT", "value": "1", "source": "command line", "default": "8088", "area": "server",
            ]))
        #expect(
            items.contains([
                "name": "ORCH_BEARER_TOKEN", "value": "[redacted]", "source": "environment", "default": "",
                "area": "auth",
            ]))
    }
}

struct EnvironmentTemplateTests {
    @Test(arguments: [EnvironmentTemplate.development, EnvironmentTemplate.production])
    func `every setting has its line, commented out or not`(template: String) {
        let file = DotEnv(parsing: uncommented(template))
        #expect(file.faults.isEmpty)
        #expect(file.entries.map(\.name) == SettingsTable.all.map(\.name))
    }

    @Test func `the example sets nothing`() {
        #expect(DotEnv(parsing: EnvironmentTemplate.development).entries.isEmpty)
    }

    @Test func `taking all comments away changes nothing`() throws {
        let plain = ConfigurationLoader.resolve(ConfigurationInputs())
        let set = ConfigurationLoader.resolve(
            ConfigurationInputs(dotEnv: uncommented(EnvironmentTemplate.development)))
        #expect(set.settings.map(\.text.exposed) == plain.settings.map(\.text.exposed))
        #expect(set.warnings.isEmpty)
        #expect(set.violations.map(\.name) == ["ORCH_BEARER_TOKEN"])
    }

    @Test func `production refuses the example until the tokens are replaced, and then starts`() throws {
        let template = EnvironmentTemplate.production
        let refused = ConfigurationLoader.resolve(ConfigurationInputs(dotEnv: template))
        #expect(refused.violations.map(\.name) == ["ORCH_BEARER_TOKEN", "ORCH_OPERATOR_TOKEN"])
        #expect(refused.violations.allSatisfy { $0.reason.contains("is an example") })
        let replaced = template.replacing("replace-me-with-openssl-rand-hex-24", with: goodToken)
            .replacing("replace-me-with-another-openssl-rand-hex-24", with: "9fX-2mQ7_vK4tZ8bL1wR6yN3")
        let loaded = try ConfigurationLoader.load(ConfigurationInputs(dotEnv: replaced))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.server.environment == .production)
        #expect(loaded.configuration.auth.operatorTokens.map(\.name) == ["operator"])
    }

    private func uncommented(_ template: String) -> String {
        template.split(separator: "\n").map { $0.hasPrefix("#ORCH_") ? $0.dropFirst() : $0 }.joined(separator: "\n")
    }
}
