@testable import OrchSandbox

/// One defence that a control run does without, to see that an attempt finds its way out where there is one.
///
/// An attempt often meets several defences, so that one missing opens nothing: a control is a set.
enum Weakness: Hashable, Sendable {
    /// The host's network namespace.
    case sharedNetwork
    /// The host's process namespace.
    case sharedProcesses
    /// The host's session and process group.
    case sharedSession
    /// Standard input is that session's terminal. It comes with ``sharedSession``.
    case terminal
    /// No system-call filter.
    case noFilter
    /// All capabilities in the sandbox's own user namespace, with the user that they are kept for: 0.
    case capabilities
    /// None of the launcher's resource limits.
    case noLimits
    /// Core dumps of any size. It comes with ``noLimits``.
    case coreDumps
    case procMounted
    /// The root is not remounted read-only.
    case writableRoot
    /// A folder that may be written stands in the tool folder's place. It holds the known tool.
    case writableTools
    /// An empty folder that may be written stands at this path.
    case writableFolder(String)
    /// A file that may be written, of the canary's text, stands at this path.
    case planted(String)
    /// The host's canary files and its listening socket can be seen at their own paths.
    case canariesVisible
    /// A program that ends with code 0 stands at this path.
    case program(String)
    /// A file that gives example.com an address stands at /etc/hosts.
    case hosts
    /// The host's listening socket stands at this path.
    case socket(String)
    /// The variable is set inside.
    case environment
    /// bubblewrap was started with the variable.
    case launcherEnvironment
    /// A descriptor of the canary file is left open.
    case inheritedDescriptor
    /// The fixture's public addresses and resolvers are the host's loopback sockets, so that a control leaves the
    /// machine alone.
    case nearAddresses
    /// The attack's own bound lies below every limit; see ``BatteryFixture/boundDivisor``.
    case lowBound
}
