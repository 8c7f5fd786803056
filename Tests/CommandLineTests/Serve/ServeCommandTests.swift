import OrchConfiguration
import Testing

@testable import OrchCommandLine

struct ServeCommandTests {
    @Test func `options go to the server over the environment and .env`() async throws {
        var fixture = Fixture()
        fixture.variables["ORCH_HOST"] = "::1"
        fixture.dotEnv = "ORCH_PORT=1111\nORCH_LOG_LEVEL=DEBUG\n"
        let run = await orch(
            "serve", "--host", "127.0.0.2", "--port", "9000", "--set", "ORCH_ENABLE_API=0", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        let configuration = try #require(fixture.served.configurations.first?.configuration)
        #expect(configuration.server.host.text == "127.0.0.2")
        #expect(configuration.server.port == 9000)
        #expect(!configuration.server.isAPIEnabled)
        #expect(configuration.logs.level == .debug)
    }

    @Test func `a broken configuration is told whole, and nothing starts`() async {
        var fixture = Fixture()
        fixture.variables["ORCH_PORT"] = "http"
        fixture.variables["ORCH_LOG_LEVEL"] = "loud"
        let run = await orch("serve", in: fixture.environment)
        #expect(run.status == 78)
        #expect(run.err.contains("ORCH_PORT"))
        #expect(run.err.contains("ORCH_LOG_LEVEL"))
        #expect(run.out.isEmpty)
        #expect(fixture.served.configurations.isEmpty)
    }

    @Test func `warnings are the log's, which has a form of its own`() async {
        var fixture = Fixture()
        fixture.variables["ORCH_PROT"] = "1"
        let run = await orch("serve", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(fixture.served.configurations.map { $0.warnings.map(\.name) } == [["ORCH_PROT"]])
    }

    @Test func `an env file that is asked for must be there`() async {
        let fixture = Fixture()
        let run = await orch("serve", "--env-file", "other.env", in: fixture.environment)
        #expect(run.status == 66)
        #expect(fixture.served.configurations.isEmpty)
    }

    @Test func `a port out of range is the configuration's fault`() async {
        #expect(await orch("serve", "--port", "70000").status == 78)
    }

    @Test func `no secret is printed`() async {
        var fixture = Fixture()
        fixture.variables["ORCH_OPENAI_API_KEY"] = Fixture.secret
        fixture.variables["ORCH_PORT"] = "http"
        let run = await orch("serve", in: fixture.environment)
        #expect(run.status == 78)
        #expect(!(run.err + run.out).contains(Fixture.secret))
    }
}
