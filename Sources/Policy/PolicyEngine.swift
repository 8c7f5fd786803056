package import OrchCore
import Synchronization

/// Decides by a policy which tools may run: the first rule that matches a tool's name decides, and no rule denies.
///
/// Which rule that is depends on the name alone and is looked up once for each, so that a decision costs the same
/// whatever the number of rules.
package struct PolicyEngine: Sendable {
    /// The policy as it was given.
    package let policy: ToolPolicy
    /// What requests are refused for, and what they are let pass for, compiled.
    package let tier0: (deny: [any Pattern], allow: [any Pattern])
    private let rules: [CompiledPolicyRule]
    private let firstRules: FirstRules

    /// Compiles a policy, or throws the first fault with its place.
    package init(
        policy: ToolPolicy, compiler: any PatternCompiler, schemas: SchemaCompiling
    ) throws(PolicyError) {
        var rules: [CompiledPolicyRule] = []
        var names: Set<String> = []
        for (index, rule) in policy.rules.enumerated() {
            guard rule.id.map({ names.insert($0).inserted }) ?? true else {
                throw PolicyError(.duplicateID, at: .rule(index), "an earlier rule has the id `\(rule.name)`")
            }
            rules.append(try CompiledPolicyRule(rule, at: index, compiler: compiler, schemas: schemas))
        }
        var intents: Set<String> = []
        for (index, intent) in policy.intents.enumerated() where !intents.insert(intent.id).inserted {
            throw PolicyError(.duplicateID, at: .intent(index), "an earlier intent has the id `\(intent.id)`")
        }
        tier0 = (
            try Self.compile(policy.tier0.deny, compiler) { .denyPattern($0) },
            try Self.compile(policy.tier0.allow, compiler) { .allowPattern($0) }
        )
        self.policy = policy
        self.rules = rules
        firstRules = FirstRules(rules)
    }

    private static func compile(
        _ sources: [String], _ compiler: any PatternCompiler, _ place: (Int) -> PolicyError.Place
    ) throws(PolicyError) -> [any Pattern] {
        var patterns: [any Pattern] = []
        for (index, source) in sources.enumerated() {
            do throws(PatternError) {
                patterns.append(try compiler.compile(source, caseInsensitive: true))
            } catch {
                throw PolicyError(.invalidPattern, at: place(index), error.message)
            }
        }
        return patterns
    }

    /// What the policy says of a call.
    ///
    /// - Parameter counter: Counts a call that is allowed; nil where the call is only asked about.
    package func decide(_ call: PolicyCall, counting counter: CallCounter? = nil) -> PolicyVerdict {
        if policy.needsReceipts, !call.isReceipted {
            return PolicyVerdict(isAllowed: false, reason: PolicyReason.receiptsRequired)
        }
        guard let index = firstRules[call.tool] else {
            return PolicyVerdict(isAllowed: false, reason: PolicyReason.defaultDeny)
        }
        return rules[index].verdict(call, counter)
    }

    /// The verdict, with what became of every rule.
    package func explain(_ call: PolicyCall) -> PolicyExplanation {
        let deciding = firstRules[call.tool]
        let outcomes = rules.enumerated().map { index, rule -> (String, PolicyRule.Action, PolicyExplanation.Outcome) in
            let outcome: PolicyExplanation.Outcome =
                if let deciding, index >= deciding { index == deciding ? .decided : .notReached } else { .notMatched }
            return (rule.rule.name, rule.rule.action, outcome)
        }
        return PolicyExplanation(verdict: decide(call), rules: outcomes)
    }
}

/// The first rule for each name that was asked about.
private final class FirstRules: Sendable {
    /// Names of tools are few; what does not fit is looked up each time.
    private static let maximumNames = 1024

    private let rules: [CompiledPolicyRule]
    private let known = Mutex<[String: Int?]>([:])

    init(_ rules: [CompiledPolicyRule]) {
        self.rules = rules
    }

    /// nil where no rule matches.
    subscript(_ tool: String) -> Int? {
        if let index = known.withLock({ $0[tool] }) { return index }
        let index = rules.firstIndex { $0.matches(tool) }
        known.withLock { known in
            if known.count < Self.maximumNames { known[tool] = .some(index) }
        }
        return index
    }
}
