import OrchTokens
import Testing

@Suite struct PromptGuardrailTests {
    private let prompt = "One. Two. Three."
    private let ends = [4, 9, 16]

    private func decide(
        budget: Int, setting: Bool = false, metadata: Bool = false, category: String? = nil
    ) -> PromptGuardrail.Decision {
        PromptGuardrail(budget: budget, allowsOverbudget: setting)
            .decide(prompt, tokenEnds: ends, allowsOverbudget: metadata, category: category)
    }

    @Test func `a prompt may take a fifth of the budget, to the token`() {
        #expect(decide(budget: 15) == .whole)
        #expect(decide(budget: 14) == .cut(TextCut(text: "One. Two.", tokens: 2, deltaTokens: 0, boundary: .sentence)))
        #expect(decide(budget: 4) == .cut(TextCut(text: "", tokens: 0, deltaTokens: 0, boundary: .none)))
        #expect(PromptGuardrail(budget: 16384, allowsOverbudget: false).limit == 3276)
        #expect(PromptGuardrail(budget: .max, allowsOverbudget: false).limit == .max / 5)
    }

    @Test func `without a budget there is no limit, and below nothing none fits`() {
        #expect(decide(budget: 0) == .whole && PromptGuardrail(budget: 0, allowsOverbudget: false).limit == nil)
        #expect(PromptGuardrail(budget: .min, allowsOverbudget: false).limit == 0)
        #expect(decide(budget: -1) == .cut(TextCut(text: "", tokens: 0, deltaTokens: 0, boundary: .none)))
    }

    @Test func `what is exempt stays whole, and says why`() {
        #expect(decide(budget: 10, setting: true, metadata: true, category: "legal") == .exempt(.setting))
        #expect(decide(budget: 10, metadata: true, category: "legal") == .exempt(.metadata))
        for category in ["legal", "statute", "legal_statute", "regulatory"] {
            #expect(decide(budget: 10, category: category) == .exempt(.category))
        }
        #expect(decide(budget: 15, setting: true) == .whole, "within the limit nothing is to be exempted")
    }

    @Test(arguments: ["Legal", "legal ", "", "poetry", "statutes"])
    func `other categories are cut`(category: String) {
        #expect(decide(budget: 10, category: category) == decide(budget: 10))
        #expect(decide(budget: 10) != .whole)
    }
}
