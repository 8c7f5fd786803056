import ArgumentParser
import OrchCommandLine

/// The program: the only place that sees every part, and puts them together.
@main
enum Orch {
    static let version = "0.1.0"

    static func main() async {
        let environment = CommandEnvironment(
            serve: { loaded in try await Program(loaded, role: .server).serve() },
            workbench: { loaded in try Program(loaded, role: .command).workbench() },
            version: version)
        await CommandEnvironment.$current.withValue(environment) {
            await OrchCommand.main()
        }
    }
}
