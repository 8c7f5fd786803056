import OrchCore

/// The arguments that a rule gives its tool: fixed ones, and one that is taken from the text.
struct RuleParameters: Sendable {
    struct Fault: Error {
        let reason: String
    }

    /// How the text becomes an argument.
    private enum Source: Sendable {
        /// Without its trigger word: the policy named the argument.
        case argument
        /// As it is, unless the expression marks the trigger or the argument itself.
        case wholeText
    }

    /// The members of `params` that name the argument instead of being one.
    private static let nameKeys = ["expression_key", "message_key"]

    private let fixed: JSONObject
    private let name: String
    private let source: Source

    init(tool: String, defaults: JSONObject, rule: JSONObject) throws(Fault) {
        var fixed = defaults
        for member in rule.members {
            fixed[member.key] = member.value
        }
        // A rule that names its argument replaces a name from the defaults, even under the other key.
        let naming = RuleParameters.nameKeys.contains { rule[$0] != nil } ? rule : fixed
        var named: String?
        for key in RuleParameters.nameKeys {
            fixed[key] = nil
            guard let value = naming[key] else { continue }
            guard let name = value.stringValue, !name.isEmpty else {
                throw Fault(reason: "params.\(key) is not the name of an argument")
            }
            guard named == nil else { throw Fault(reason: "params has both expression_key and message_key") }
            named = name
        }
        let name = named ?? RuleParameters.defaultName(of: tool)
        guard fixed[name] == nil else { throw Fault(reason: "params sets the argument that the text goes to") }
        self.fixed = fixed
        self.name = name
        source = named == nil ? .wholeText : .argument
    }

    /// The arguments for a text that matched: the text's first, then the fixed ones.
    func arguments(for text: String, match: PatternMatch) -> JSONObject {
        switch source {
        case .argument: arguments(TriggerWord.argument(of: text, match: match))
        case .wholeText: arguments(TriggerWord.markedArgument(of: text, match: match) ?? text)
        }
    }

    /// The arguments for a text that was recognised as a whole.
    func arguments(for text: String) -> JSONObject { arguments(text) }

    private func arguments(_ argument: String) -> JSONObject {
        var arguments: JSONObject = [name: .string(argument)]
        for member in fixed.members {
            arguments[member.key] = member.value
        }
        return arguments
    }

    private static func defaultName(of tool: String) -> String {
        switch tool {
        case "python_eval": "expression"
        case "python_exec": "code"
        default: "input"
        }
    }
}
