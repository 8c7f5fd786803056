import ArgumentParser
import Testing

@testable import OrchCommandLine

struct CommandDocumentTests {
    @Test func `every command that a document names is there`() throws {
        var faults: [String] = []
        for document in try Checkout.documents() {
            for text in document.codeTexts {
                for words in Self.commands(in: text) {
                    guard let wrong = Self.firstUnknown(words, below: OrchCommand.self) else { continue }
                    faults.append(
                        "\(document.path): `orch \(words.joined(separator: " "))`: there is no command \(wrong)")
                }
            }
        }
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test func `docs/commands.md lists every command`() throws {
        let rows = try Checkout.document("docs/commands.md").rows(under: ["command", "does"])
        let found = differences(
            rows.map { $0[0] }, in: "docs/commands.md", Self.leaves(of: OrchCommand.self, named: "orch"),
            in: "the program")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    @Test func `docs/commands.md has every exit status`() throws {
        let rows = try Checkout.document("docs/commands.md").rows(under: ["exit status", "means"])
        let found = differences(
            rows.map { $0.prefix(2).joined(separator: ": ") }, in: "docs/commands.md",
            ExitStatus.allCases.map { "\($0.rawValue): \($0.meaning)" }, in: "the program")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("orch trace list --limit 1", [["trace", "list"]]), (".build/release/orch doctor", [["doctor"]]),
        ("a | orch route explain -", [["route", "explain"]]), ("orch", []), ("orch ──► rules", []),
        ("instance/orch.log", []), ("porch light", []),
    ])
    func `commands are found in code`(text: String, words: [[String]]) {
        #expect(Self.commands(in: text) == words)
    }

    @Test func `a command that is not there is told`() {
        #expect(Self.firstUnknown(["config", "show"], below: OrchCommand.self) == nil)
        #expect(Self.firstUnknown(["tools", "run", "anything"], below: OrchCommand.self) == nil)
        #expect(Self.firstUnknown(["frobnicate"], below: OrchCommand.self) == "frobnicate")
        #expect(Self.firstUnknown(["config", "erase"], below: OrchCommand.self) == "config erase")
    }

    /// The words that follow `orch`, as far as they could be commands.
    private static func commands(in text: String) -> [[String]] {
        text.matches(of: /(?:^|[\s\/"(])orch((?: [a-z][a-z-]*)+)/).map { match in
            match.output.1.split(separator: " ").map(String.init)
        }
    }

    /// The commands that have none below them.
    private static func leaves(of command: any ParsableCommand.Type, named name: String) -> [String] {
        let subcommands = command.configuration.subcommands
        guard !subcommands.isEmpty else { return [name] }
        return subcommands.flatMap { subcommand in
            leaves(of: subcommand, named: "\(name) \(subcommand.configuration.commandName ?? "?")")
        }
    }

    private static func firstUnknown(_ words: [String], below command: any ParsableCommand.Type) -> String? {
        var command = command
        var path: [String] = []
        for word in words {
            let subcommands = command.configuration.subcommands
            // A command without others below it takes arguments.
            guard !subcommands.isEmpty else { return nil }
            path.append(word)
            guard word != "help" else { return nil }
            guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
                return path.joined(separator: " ")
            }
            command = next
        }
        return nil
    }
}
