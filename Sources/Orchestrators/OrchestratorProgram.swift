import ArgumentParser
import OrchCommandLine
import OrchCore
import OrchHyperscan
import OrchPolicyFiles
import OrchPrivacy
import OrchRE2
import OrchSourceTrees

/// The whole program, to be started from an executable that adds tools of its own.
///
/// ```swift
/// import Orchestrators
///
/// @main
/// enum MyServer {
///     static func main() async {
///         await OrchestratorProgram.main(tools: [dice])
///     }
/// }
/// ```
/// The executable takes the commands and the settings of `orch`: `my-server serve`, `my-server tools list`.
public enum OrchestratorProgram {
    static let version = "0.1.0"

    /// Runs the command line, and ends the process with its exit status where it is not 0.
    ///
    /// - Parameter tools: Further tools. They stand under the same policy, approvals, scrubbing and receipts as those that
    ///   are built in. A name that is taken, or a schema that cannot be enforced, stops the start and says so.
    public static func main(tools: [SwiftTool] = []) async {
        CrashOutput.withholdMemory()
        let environment = CommandEnvironment(
            serve: { loaded in
                try await Program(loaded, role: .server, engine: PortableScanEngine(), tools: tools).serve()
            },
            workbench: { loaded in
                try Program(loaded, role: .command, engine: PortableScanEngine(), tools: tools).workbench()
            },
            version: version,
            scanEngine: scanEngine,
            sourceTree: { path async throws(SourceTreeError) in try await FileSourceTree(path) },
            boundaryPolicy: { try BoundaryPolicyFile.load($0, compiler: RE2Compiler()) })
        await CommandEnvironment.$current.withValue(environment) {
            await OrchCommand.main()
        }
    }

    /// The fastest that works here, for texts of any size. A server's are short, and its memory is dearer: it takes the
    /// portable one.
    private static func scanEngine() -> any ScanEngine {
        if let engine = HyperscanEngine() { return engine }
        return PortableScanEngine()
    }
}
