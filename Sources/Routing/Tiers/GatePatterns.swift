package import OrchCore

/// The expressions that are looked for before anything else: what is refused, and what the model may have at once.
package struct GatePatterns: Sendable {
    private let deny: [any Pattern]
    private let allow: [any Pattern]

    /// None.
    package init() {
        (deny, allow) = ([], [])
    }

    package init(deny: [any Pattern], allow: [any Pattern]) {
        self.deny = deny
        self.allow = allow
    }

    /// The place of the first deny expression that matches a text, as it is or without what hides words; from 0.
    package func denying(_ text: String) -> Int? {
        guard !deny.isEmpty else { return nil }
        if let place = deny.firstIndex(where: { $0.matches(text) }) { return place }
        for parts in [false, true] {
            guard let plain = PlainText.folded(text, hiddenParts: parts) else { return nil }
            if let place = deny.firstIndex(where: { $0.matches(plain) }) { return place }
        }
        return nil
    }

    /// The place of the first allow expression that matches a text as it is; from 0.
    package func allowing(_ text: String) -> Int? { allow.firstIndex { $0.matches(text) } }
}
