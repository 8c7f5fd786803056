import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch audit checkpoint`
struct AuditCheckpointCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the newest signed checkpoint of the log.",
        discussion: """
            Keep it away from this machine: on paper, in another system, with somebody else. orch audit fsck --since \
            then shows that the log still begins with all that it covers.

            Examples:
              orch audit checkpoint
              orch audit checkpoint > /mnt/elsewhere/checkpoint.txt
              orch audit checkpoint --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        guard let checkpoint = try await workbench.auditBench().reader().checkpoint() else {
            throw CommandFailure(.notFound, "the log has no checkpoint yet: the server's first start makes one")
        }
        guard output.json else { return try session.out.write(foreign: checkpoint.text) }
        let head = checkpoint.checkpoint
        let value: JSONValue = [
            "origin": .string(head.origin), "size": .integer(head.size), "root_hash": .string(head.root.hexadecimal),
            "checkpoint": .string(checkpoint.text),
        ]
        try session.print(json: true, String(decoding: value.serialized, as: UTF8.self), orText: "")
    }
}
