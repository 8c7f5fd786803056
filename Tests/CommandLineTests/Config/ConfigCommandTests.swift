import ArgumentParser
import OrchConfiguration
import OrchCore
import SystemPackage
import Testing

@testable import OrchCommandLine

struct ConfigCommandTests {
    @Test func `show prints every setting and no secret`() async throws {
        var fixture = Fixture()
        fixture.variables["ORCH_OPENAI_API_KEY"] = Fixture.secret
        let run = await orch("config", "show", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.out.split(separator: "\n").count == SettingsTable.all.count + 1)
        #expect(!run.out.contains(Fixture.secret))
    }

    @Test func `show prints JSON`() async throws {
        let value = try await orch("config", "show", "--json", "--set", "ORCH_PORT=9999").json()
        let settings = try #require(value.objectValue?["settings"]?.arrayValue)
        #expect(settings.count == SettingsTable.all.count)
        let port = try #require(settings.first { $0.objectValue?["name"]?.stringValue == "ORCH_PORT" }?.objectValue)
        #expect(port["value"] == "9999")
        #expect(port["source"] == "command line")
    }

    @Test func `show also shows a configuration that is refused`() async {
        let run = await orch("config", "show", "--set", "ORCH_PORT=http")
        #expect(run.status == 78)
        #expect(run.out.contains("ORCH_HOST"))
        #expect(run.err.contains("ORCH_PORT"))
    }

    @Test func `check is content with a good configuration`() async throws {
        let run = await orch("config", "check")
        #expect(run.status == 0)
        #expect(run.out == "✓ the configuration is in order\n")
        let value = try await orch("config", "check", "--json").json()
        #expect(value == ["valid": true, "violations": [], "warnings": []])
    }

    @Test func `check tells all that is wrong`() async throws {
        var fixture = Fixture()
        fixture.variables["ORCH_PORT"] = "http"
        fixture.variables["ORCH_LOG_LEVEL"] = "loud"
        fixture.variables["ORCH_HOTS"] = "x"
        let run = await orch("config", "check", in: fixture.environment)
        #expect(run.status == 78)
        #expect(run.out.contains("✗ ORCH_PORT"))
        #expect(run.out.contains("✗ ORCH_LOG_LEVEL"))
        #expect(run.out.contains("! ORCH_HOTS"))
        #expect(run.out.hasSuffix("the server would not start: 2 faults, with 1 warning\n"))

        let json = await orch("config", "check", "--json", in: fixture.environment)
        #expect(json.status == 78)
        let object = try #require(try json.json().objectValue)
        #expect(object["valid"] == false)
        #expect(object["violations"]?.arrayValue?.count == 2)
        #expect(object["violations"]?.arrayValue?.first?.objectValue?["name"] == "ORCH_PORT")
        #expect(object["warnings"]?.arrayValue?.count == 1)
    }

    @Test func `check tells of an env file that cannot be read`() async throws {
        let environment = CommandEnvironment(
            serve: { _ in }, workbench: { _ in throw CommandFailure(.internalFault, "not asked for") }, version: "",
            inputs: { _, _ in
                throw ConfigurationError(violations: [ConfigurationViolation(".env", "it is not UTF-8")])
            })
        let run = await orch("config", "check", "--json", in: environment)
        #expect(run.status == 78)
        #expect(try run.json().objectValue?["violations"]?.arrayValue?.count == 1)
    }

    @Test func `docs prints the reference`() async {
        let run = await orch("config", "docs")
        #expect(run.status == 0)
        #expect(run.out == ConfigurationReference.markdown())
    }

    @Test func `docs writes the files`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(".env.example", Array("old".utf8))
        let run = await orch("config", "docs", "--write", directory.path.string)
        #expect(run.status == 0)
        #expect(directory.names == [".env.example", ".env.production.example", "docs"])
        for file in ConfigurationReference.files { #expect(try directory.read(file.path) == file.text) }
        #expect(run.out.split(separator: "\n").count == ConfigurationReference.files.count)
    }

    @Test func `docs writes into the current directory by default`() async throws {
        let command = try #require(try OrchCommand.parseAsRoot(["config", "docs", "--write"]) as? ConfigDocsCommand)
        #expect(command.write == ".")
    }

    @Test func `docs writes nothing where there is no directory`() async throws {
        let directory = try TemporaryDirectory()
        let run = await orch("config", "docs", "--write", directory.path.appending("none").string)
        #expect(run.status == 66)
        #expect(directory.names.isEmpty)
    }
}
