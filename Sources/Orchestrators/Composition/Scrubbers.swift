import OrchConfiguration
import OrchCore
import OrchOrchestrator
import OrchPrivacy

/// The scrubber of the program, as each place uses it. All share what the engine has built.
struct Scrubbers: Sendable {
    /// Addresses of machines stand in the server's own records by intent: where it listens, where it connected to.
    private static let addresses: Set<String> = ["url", "ip", "mac-address"]
    /// The address of a page is nobody's, and search results and answers are of no use without.
    private static let pages: Set<String> = ["url"]

    /// For what the server writes of itself: log lines, steps, labels of metrics, the trust panel.
    let records: Redact
    /// For what tools say; changes nothing where that is off.
    let toolOutput: Redact
    /// nil where it is off.
    let outputGuard: OutputGuard?

    init(_ configuration: Configuration, engine: any ScanEngine) throws(ScanEngineError) {
        let settings = configuration.privacy
        func options(exempt: Set<String>) -> Scrubber.Options {
            Scrubber.Options(replacement: settings.redactionStyle == .typed ? .typed : .plain, exempt: exempt)
        }
        let records = try Scrubber(engine: engine, options: options(exempt: Self.addresses))
        let texts = records.with(options(exempt: Self.pages))
        self.records = { records.scrub($0) }
        let isToolOutputScrubbed = configuration.tools.isOutputScrubbed
        toolOutput = { isToolOutputScrubbed ? texts.scrub($0) : $0 }
        outputGuard =
            switch settings.outputGuard {
            case .off: nil
            case .redact: OutputGuard(.redact, scrubber: texts)
            case .block: OutputGuard(.block, scrubber: texts)
            }
    }
}
