package import OrchCore

/// Whether arguments fit a schema.
package typealias ArgumentsFit = @Sendable (JSONObject) -> Bool

/// Compiles a JSON Schema for arguments; the port by which the policy reaches the tools' schemas.
package typealias SchemaCompiling = @Sendable (JSONValue) throws -> ArgumentsFit

/// A rule with its expressions and its schema compiled.
struct CompiledPolicyRule: Sendable {
    let rule: PolicyRule
    private let name: any Pattern
    private let fits: ArgumentsFit?
    /// In lower case.
    private let agents: Set<String>

    /// - Parameter index: The rule's place in the policy.
    init(
        _ rule: PolicyRule, at index: Int, compiler: any PatternCompiler, schemas: SchemaCompiling
    ) throws(PolicyError) {
        self.rule = rule
        do throws(PatternError) {
            // On its own first, so that a fault is told of what was written.
            _ = try compiler.compile(rule.match, caseInsensitive: false)
            name = try compiler.compile(#"\A(?:\#(rule.match))\z"#, caseInsensitive: false)
        } catch {
            throw PolicyError(
                .invalidPattern, at: .rule(index), "the expression of rule `\(rule.name)`: \(error.message)")
        }
        do { fits = try rule.conditions.arguments.map(schemas) } catch {
            let problem = (error as? any CodedError)?.message ?? "\(error)"
            throw PolicyError(.invalidSchema, at: .rule(index), "`args` of rule `\(rule.name)`: \(problem)")
        }
        agents = Set(rule.conditions.agents.map { $0.lowercased() })
    }

    func matches(_ tool: String) -> Bool { name.matches(tool) }

    /// What the rule says of a call to a tool that it matches.
    ///
    /// - Parameter counter: nil where the call is not to be counted.
    func verdict(_ call: PolicyCall, _ counter: CallCounter?) -> PolicyVerdict {
        if rule.requiresSafe, !call.isSafe {
            return PolicyVerdict(isAllowed: false, reason: PolicyReason.requiresSafe, rule: rule.name)
        }
        var open: PolicyCondition?
        if let unmet = unmetCondition(call, &open) { return failed(unmet) }
        let isAllowed = rule.action == .allow
        var verdict = PolicyVerdict(
            isAllowed: isAllowed, reason: rule.reason ?? (isAllowed ? PolicyReason.allow : PolicyReason.deny),
            rule: rule.name)
        verdict.open = open
        guard let limit = rule.conditions.maximumCallsPerHour, isAllowed else { return verdict }
        guard let counter else {
            verdict.open = open ?? .maximumCallsPerHour
            return verdict
        }
        // Last, so that only calls that everything else lets in are counted.
        guard let ticket = counter.take(rule: rule.name, caller: call.caller, limit: limit) else {
            return failed(.maximumCallsPerHour)
        }
        verdict.ticket = ticket
        return verdict
    }

    private func failed(_ condition: PolicyCondition) -> PolicyVerdict {
        PolicyVerdict(isAllowed: false, reason: PolicyReason.conditionFailed, rule: rule.name, unmet: condition)
    }

    private func unmetCondition(_ call: PolicyCall, _ open: inout PolicyCondition?) -> PolicyCondition? {
        let conditions = rule.conditions
        if !agents.isEmpty {
            if call.agent == nil, case .unknown = call.input {
                open = .agents
            } else if !agents.contains(call.agent?.lowercased() ?? "") {
                return .agents
            }
        }
        if !conditions.hours.isEmpty, !conditions.hours.contains(where: { $0.contains(call.moment) }) { return .hours }
        if let unmet = unmetLength(call.input, &open) { return unmet }
        if let fits {
            if case .arguments(let arguments) = call.input {
                if !fits(arguments) { return .arguments }
            } else {
                open = .arguments
            }
        }
        return nil
    }

    private func unmetLength(_ input: PolicyCall.Input, _ open: inout PolicyCondition?) -> PolicyCondition? {
        let conditions = rule.conditions
        guard conditions.minimumInputLength != nil || conditions.maximumInputLength != nil else { return nil }
        let first: PolicyCondition = conditions.minimumInputLength == nil ? .maximumInputLength : .minimumInputLength
        let length: Int?
        switch input {
        case .arguments(let arguments):
            length = arguments[conditions.inputParameter]?.stringValue?.unicodeScalars.count
        case .lengths(let lengths):
            // One that is not there may be one that was not written down.
            guard let known = lengths[conditions.inputParameter] else {
                open = first
                return nil
            }
            length = known
        case .unknown:
            open = first
            return nil
        }
        // An argument that is not there, or no text, has no length that could be enough.
        guard let length else { return first }
        if let minimum = conditions.minimumInputLength, length < minimum { return .minimumInputLength }
        if let maximum = conditions.maximumInputLength, length > maximum { return .maximumInputLength }
        return nil
    }
}
