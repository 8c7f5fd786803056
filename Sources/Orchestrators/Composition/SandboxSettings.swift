import OrchConfiguration
import OrchSandbox

extension Sandbox.Settings {
    /// The settings of area sandbox.
    init(_ settings: Configuration.Sandbox) {
        self.init(
            choice: Sandbox.Choice(settings.backend), image: settings.image,
            limits: SandboxLimits(
                wallClock: settings.timeout, memory: settings.memoryMegabytes << 20, cpuShare: settings.cpuShare),
            toolFolder: settings.toolDirectory)
    }
}

extension SandboxedTools.Rules {
    init(_ settings: Configuration.Sandbox) {
        self.init(isEnabled: settings.isEnabled, isRequired: settings.isRequired, fallsBack: settings.fallsBack)
    }
}

extension Sandbox.Choice {
    fileprivate init(_ backend: SandboxBackend) {
        self =
            switch backend {
            case .auto: .auto
            case .bubblewrap: .bubblewrap
            case .docker: .docker
            }
    }
}
