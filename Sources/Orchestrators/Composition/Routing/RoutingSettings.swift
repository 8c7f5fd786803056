import OrchConfiguration
import OrchOrchestrator
import OrchPolicy
import OrchRouting

extension Configuration.Routing {
    /// Whether texts' meaning is looked at by anybody.
    var asksMeaning: Bool { mode == .advanced && (semantic.isEnabled || usesTiers) }

    /// Whether the intent router decides, or watches.
    var usesTiers: Bool { intents.isEnabled || intents.isShadow }
}

extension RequestRouter.Mode {
    init(_ settings: Configuration.Routing) {
        self = settings.intents.isShadow ? .shadow : settings.intents.isEnabled ? .tiers : .plain
    }
}

extension GatePatterns {
    /// The expressions of a tool policy; nil has none.
    init(_ engine: PolicyEngine?) {
        self.init(deny: engine?.tier0.deny ?? [], allow: engine?.tier0.allow ?? [])
    }
}

extension RoutingThresholds {
    init(_ settings: Configuration.Routing) {
        self.init(
            minimumSimilarity: settings.semantic.minimumSimilarity,
            minimumConfidence: settings.intents.minimumConfidence, minimumGap: settings.intents.minimumGap)
    }
}

extension IntentOverride {
    /// What a tool policy says of intents.
    static func byIntent(_ intents: [IntentThresholds]) -> [String: IntentOverride] {
        Dictionary(
            intents.map { intent in
                (
                    intent.id,
                    IntentOverride(
                        minimumConfidence: intent.minimumConfidence, minimumGap: intent.minimumGap,
                        needsHuman: intent.needsHuman)
                )
            }, uniquingKeysWith: { first, _ in first })
    }
}
