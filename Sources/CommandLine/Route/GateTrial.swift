import OrchOrchestrator
import OrchRouting

/// What became of a policy's deny and allow expressions; those of tier 0.
struct GateTrial {
    enum Outcome: Equatable {
        /// Nobody asks them.
        case off
        /// Something before them has decided.
        case notReached
        case notMatched
        /// The expression at this place matched, from 0.
        case matched(Int)

        var phrase: String {
            switch self {
            case .off: "not asked: the intent router is off"
            case .notReached: "not reached"
            case .notMatched: "not matched"
            case .matched(let place): "matched by expression \(place + 1)"
            }
        }

        var word: String {
            switch self {
            case .off: "off"
            case .notReached: "not_reached"
            case .notMatched: "not_matched"
            case .matched: "matched"
            }
        }
    }

    let deny: Outcome
    let allow: Outcome
    /// Whether the rules were asked.
    var reachesRules: Bool { deny == .off || deny == .notMatched }

    init(_ router: RequestRouter, _ text: String) {
        guard router.mode != .plain else {
            (deny, allow) = (.off, .off)
            return
        }
        let gate = router.tiers.gate
        if let place = gate.denying(text) {
            (deny, allow) = (.matched(place), .notReached)
        } else {
            deny = .notMatched
            allow =
                router.tiers.rules.decide(text).tool != nil
                ? .notReached : gate.allowing(text).map(Outcome.matched) ?? .notMatched
        }
    }
}
