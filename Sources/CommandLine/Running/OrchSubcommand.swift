import ArgumentParser

/// A command of ours: it gets its surroundings, and what it throws becomes a message and an exit status.
protocol OrchSubcommand: AsyncParsableCommand {
    func run(in session: Session) async throws
}

extension OrchSubcommand {
    func run() async throws {
        let terminal = Terminal.current
        do {
            guard let environment = CommandEnvironment.current else {
                throw CommandFailure(.internalFault, "the command was started without its surroundings")
            }
            try await run(in: Session(environment: environment, terminal: terminal))
        } catch {
            throw FailureReport(error).show(on: terminal)
        }
    }
}

/// A command's surroundings.
struct Session: Sendable {
    let environment: CommandEnvironment
    let terminal: Terminal

    var out: Terminal.Output { terminal.standardOutput }
    var err: Terminal.Output { terminal.standardError }

    /// Prints one line of JSON or the text for people.
    func print(json isJSON: Bool, _ json: @autoclosure () -> String, orText text: @autoclosure () -> String) throws {
        try out.write(isJSON ? Visible.json(json()) + "\n" : text())
    }

    /// A line on standard error.
    func warn(_ message: String) throws {
        try err.write(err.palette.paint("warning:", .yellow) + " \(Visible.text(message))\n")
    }
}
