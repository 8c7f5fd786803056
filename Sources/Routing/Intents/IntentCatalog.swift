package import OrchCore

/// The intents of a file that are enabled, checked, in its order. No example comes twice in one of them.
package struct IntentCatalog: Sendable {
    /// Bounds of a file, so that learning it is bounded too. Disabled intents count.
    package enum Limits {
        package static let intents = 2000
        package static let examplesOfOne = 1000
        package static let examples = 150_000
        /// Unicode scalars of an example or a description.
        package static let characters = 2000
        /// Unicode scalars of an id.
        package static let idCharacters = 200
    }

    package let intents: [Intent]
    private let params: [RuleParameters?]
    private let places: [String: Int]

    /// No intents.
    package init() {
        (intents, params, places) = ([], [], [:])
    }

    /// Checks intents, or throws the first fault with its place.
    ///
    /// One text may be an example of several intents: it speaks for all of them. Within one it counts once.
    package init(_ intents: [Intent]) throws(IntentError) {
        var kept: [Intent] = []
        var params: [RuleParameters?] = []
        var places: [String: Int] = [:]
        var ids: Set<String> = []
        var examples = 0
        for (place, intent) in intents.enumerated() {
            guard place < Limits.intents else {
                throw IntentError(.tooMany, at: place, "there are more than \(Limits.intents) intents")
            }
            try Self.check(intent, at: place)
            guard ids.insert(intent.id).inserted else {
                throw IntentError(.duplicateID, at: place, "an earlier intent has this id")
            }
            guard examples + intent.examples.count <= Limits.examples else {
                throw IntentError(
                    .tooMany, at: place, example: Limits.examples - examples,
                    "there are more than \(Limits.examples) examples in all")
            }
            examples += intent.examples.count
            let parameters = try Self.parameters(of: intent, at: place)
            guard intent.isEnabled else { continue }
            places[intent.id] = kept.count
            kept.append(Self.withoutRepetitions(intent))
            params.append(parameters)
        }
        self.intents = kept
        self.params = params
        self.places = places
    }

    package subscript(id: String) -> Intent? { places[id].map { intents[$0] } }

    /// The arguments that an intent's tool gets for a text; nil where there is no such intent, or it has no tool.
    package func arguments(of id: String, for text: String) -> JSONObject? {
        places[id].flatMap { params[$0] }?.arguments(for: text)
    }

    private static func parameters(of intent: Intent, at place: Int) throws(IntentError) -> RuleParameters? {
        guard let tool = intent.tool else { return nil }
        do throws(RuleParameters.Fault) {
            return try RuleParameters(tool: tool, defaults: JSONObject(), rule: intent.params)
        } catch {
            throw IntentError(.invalid, at: place, error.reason)
        }
    }

    private static func withoutRepetitions(_ intent: Intent) -> Intent {
        var seen = Set<String>(minimumCapacity: intent.examples.count)
        var intent = intent
        intent.examples.removeAll { !seen.insert($0).inserted }
        return intent
    }
}

// MARK: - Checks

extension IntentCatalog {
    private static func check(_ intent: Intent, at place: Int) throws(IntentError) {
        func fault(_ reason: String) -> IntentError { IntentError(.invalid, at: place, reason) }
        try checkID(intent.id, at: place)
        guard intent.tool.map(isBlank) != true else { throw fault("the tool is empty") }
        guard intent.tool != nil || intent.params.isEmpty else {
            throw fault("there are params, but no tool that takes them")
        }
        guard (0...1).contains(intent.minimumConfidence ?? 0), (0...1).contains(intent.minimumGap ?? 0) else {
            throw fault("a threshold is not between 0 and 1")
        }
        guard intent.examples.count <= Limits.examplesOfOne else {
            throw IntentError(
                .tooMany, at: place, example: Limits.examplesOfOne,
                "the intent has more than \(Limits.examplesOfOne) examples")
        }
        guard !intent.examples.isEmpty || !isBlank(intent.description) else {
            throw fault("there are neither examples nor a description to know it by")
        }
        guard !isTooLong(intent.description) else {
            throw fault("the description has more than \(Limits.characters) characters")
        }
        for (index, example) in intent.examples.enumerated() {
            guard !isBlank(example) else {
                throw IntentError(.invalid, at: place, example: index, "an example is empty")
            }
            guard !isTooLong(example) else {
                throw IntentError(
                    .invalid, at: place, example: index, "an example has more than \(Limits.characters) characters")
            }
        }
    }

    /// Ids stand in decisions, receipts and lists.
    private static func checkID(_ id: String, at place: Int) throws(IntentError) {
        guard !isBlank(id) else { throw IntentError(.invalid, at: place, "the id is empty") }
        guard id.utf8.count <= Limits.idCharacters || id.unicodeScalars.count <= Limits.idCharacters else {
            throw IntentError(.invalid, at: place, "the id has more than \(Limits.idCharacters) characters")
        }
        guard !id.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw IntentError(.invalid, at: place, "the id has a control character")
        }
    }

    private static func isTooLong(_ text: String) -> Bool {
        // No text has more characters than bytes.
        text.utf8.count > Limits.characters && text.unicodeScalars.count > Limits.characters
    }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
    }
}

/// Intents that cannot be used, with the one that is to blame.
package struct IntentError: CodedError, Equatable {
    package enum Code: String, Sendable {
        case duplicateID = "duplicate_intent_id"
        case invalid = "invalid_intent"
        case tooMany = "too_many_intents"
    }

    package let code: Code
    /// The intent's place, from 0.
    package let place: Int
    /// The example's place in the intent's list, from 0; nil where the fault is not in one.
    package let example: Int?
    /// What is wrong, without saying where.
    package let reason: String

    package var codeName: String { code.rawValue }
    package var message: String {
        example.map { "intent \(place + 1), example \($0 + 1): \(reason)" } ?? "intent \(place + 1): \(reason)"
    }

    init(_ code: Code, at place: Int, example: Int? = nil, _ reason: String) {
        self.code = code
        self.place = place
        self.example = example
        self.reason = reason
    }
}
