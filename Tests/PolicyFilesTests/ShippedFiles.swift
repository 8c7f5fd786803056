import OrchAgents
import OrchPolicyFiles
import OrchRE2
import OrchRouting

/// The files of the repository's config folder.
enum ShippedFiles {
    /// Loaded once for all tests.
    static let sharedRouter = Result { try router() }

    static func router() throws -> RuleRouter {
        try RulePolicyFile.load("\(config)/router_policy.yaml", compiler: RE2Compiler()).value
    }

    static func agents() throws -> AgentDirectory {
        try AgentDirectory.load("\(config)/agents").value
    }

    static let config: String = {
        let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return folders.joined(separator: "/") + "/config"
    }()
}
