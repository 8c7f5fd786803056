import ArgumentParser
import OrchConfiguration

/// The options of every command that needs a configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Read settings from this file instead of .env.", valueName: "path"),
        completion: .file())
    var envFile: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set one setting, over the environment and .env. May be given again.", valueName: "name=value"))
    var assignments: [String] = []

    // A text that is refused is not repeated: it may hold a secret.
    func validate() throws {
        var names: Set<String> = []
        for assignment in assignments {
            guard let (name, _) = Self.split(assignment) else {
                throw ValidationError("--set wants NAME=VALUE, such as --set ORCH_PORT=9000")
            }
            guard names.insert(name).inserted else { throw ValidationError("--set gives one setting two values") }
        }
    }

    private static func split(_ assignment: String) -> (name: String, value: String)? {
        guard let mark = assignment.firstIndex(of: "="), mark > assignment.startIndex else { return nil }
        return (String(assignment[..<mark]), String(assignment[assignment.index(after: mark)...]))
    }

    /// The settings of the command line by name.
    private var options: [String: String] {
        Dictionary(assignments.compactMap(Self.split)) { _, last in last }
    }

    /// What the configuration is made from.
    ///
    /// - Parameter dedicated: Settings that options of their own give, such as --port.
    func inputs(in session: Session, dedicated: [String: String] = [:]) throws -> ConfigurationInputs {
        let options = options
        for name in dedicated.keys.sorted() where options[name] != nil {
            throw CommandFailure(.usage, "\(name) has two values: one of --set, and one of an option of its own")
        }
        let inputs = try session.environment.inputs(options.merging(dedicated) { _, last in last }, envFile ?? ".env")
        guard envFile == nil || inputs.dotEnv != nil else {
            throw CommandFailure(.notFound, "the file of --env-file does not exist")
        }
        return inputs
    }

    /// The configuration, for those that say its warnings themselves.
    func quietly(in session: Session, dedicated: [String: String] = [:]) throws -> LoadedConfiguration {
        try ConfigurationLoader.load(try inputs(in: session, dedicated: dedicated))
    }

    /// The configuration, its warnings printed.
    func load(in session: Session, dedicated: [String: String] = [:]) throws -> LoadedConfiguration {
        let loaded = try quietly(in: session, dedicated: dedicated)
        for warning in loaded.warnings { try session.warn(warning.description) }
        return loaded
    }

    /// The parts of the program, put together by the configuration.
    func workbench(in session: Session) throws -> (LoadedConfiguration, Workbench) {
        let loaded = try load(in: session)
        return (loaded, try session.environment.workbench(loaded))
    }
}
