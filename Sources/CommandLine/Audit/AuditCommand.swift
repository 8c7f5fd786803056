import ArgumentParser
import OrchReceipts

/// `orch audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check the receipts, hand them out, and keep their log.",
        discussion: """
            A receipt is a leaf of a Merkle log whose heads are signed. verify, fsck and check-bundle only read; key \
            --create, key --rotate and erase change the log, and each leaves a leaf of its own.
            """,
        subcommands: [
            AuditVerifyCommand.self, AuditBundleCommand.self, AuditCheckBundleCommand.self, AuditFsckCommand.self,
            AuditKeyCommand.self, AuditCheckpointCommand.self, AuditEraseCommand.self,
        ])
}

extension Workbench {
    /// The log of the receipts, for auditors and operators.
    func auditBench() throws -> AuditBench {
        // Says why there is none.
        _ = try traceReader()
        guard let audit else { throw CommandFailure(.unavailable, "the log of the receipts cannot be used") }
        return audit
    }
}
