import ArgumentParser
import OrchCommandLine
import OrchCore
import OrchHyperscan
import OrchPolicyFiles
import OrchPrivacy
import OrchRE2
import OrchSourceTrees

/// The program: the only place that sees every part, and puts them together.
@main
enum Orch {
    static let version = "0.1.0"

    static func main() async {
        CrashOutput.withholdMemory()
        let environment = CommandEnvironment(
            serve: { loaded in try await Program(loaded, role: .server, engine: PortableScanEngine()).serve() },
            workbench: { loaded in try Program(loaded, role: .command, engine: PortableScanEngine()).workbench() },
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
