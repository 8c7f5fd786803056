import OrchTokens
import Testing

@Suite("The table of models and tiers")
struct ModelSelectorTests {
    static let selector = ModelSelector(
        ModelSelector.Thresholds(
            chatModel: "chat", reasonerModel: "reasoner", toolModel: "tool", chatTier1: 100, reasonerTier1: 200,
            tier3: 300))

    static let sizes: [(Int, ModelSelection)] = [
        (0, ModelSelection("chat", .defaultChat, tier: .tier1)),
        (99, ModelSelection("chat", .defaultChat, tier: .tier1)),
        (100, ModelSelection("chat", .defaultChat, tier: .tier1)),
        (101, ModelSelection("reasoner", .tier1Overflow, tier: .tier2)),
        (200, ModelSelection("reasoner", .tier1Overflow, tier: .tier2)),
        (201, ModelSelection("reasoner", .tier2Overflow, tier: .tier2)),
        (300, ModelSelection("reasoner", .tier2Overflow, tier: .tier2)),
        (301, ModelSelection("reasoner", .tier3SummaryRequired, tier: .tier3)),
        (.max, ModelSelection("reasoner", .tier3SummaryRequired, tier: .tier3)),
    ]

    @Test("Each size has its model, reason and tier, to the token", arguments: sizes)
    func bySize(_ tokens: Int, _ selection: ModelSelection) {
        #expect(Self.selector.select(tokens: tokens, answersServerTool: false, asksForAnalysis: false) == selection)
    }

    @Test("Analysis asks for the reasoner where the size does not", arguments: sizes)
    func analysis(_ tokens: Int, _ selection: ModelSelection) {
        let expected = tokens > 100 ? selection : ModelSelection("reasoner", .analysisRequest, tier: .tier2)
        #expect(Self.selector.select(tokens: tokens, answersServerTool: false, asksForAnalysis: true) == expected)
    }

    @Test(
        "A server-side tool's answer goes to the tool model, whatever else holds, and has no tier",
        arguments: sizes.map(\.0))
    func toolFirst(_ tokens: Int) {
        for analysis in [false, true] {
            #expect(
                Self.selector.select(tokens: tokens, answersServerTool: true, asksForAnalysis: analysis)
                    == ModelSelection("tool", .toolSelected, tier: nil))
        }
    }

    @Test("Thresholds out of order are tried in the table's order")
    func disorder() {
        let selector = ModelSelector(
            ModelSelector.Thresholds(
                chatModel: "chat", reasonerModel: "reasoner", toolModel: "tool", chatTier1: 300, reasonerTier1: 200,
                tier3: 100))
        func reason(_ tokens: Int) -> ModelSelection.Reason {
            selector.select(tokens: tokens, answersServerTool: false, asksForAnalysis: false).reason
        }
        #expect(
            [100, 101, 250, 301].map(reason) == [
                .defaultChat, .tier3SummaryRequired, .tier3SummaryRequired, .tier3SummaryRequired,
            ])
    }

    @Test("Says reasons and tiers in the words of the specification")
    func words() {
        let reasons: [ModelSelection.Reason] = [
            .toolSelected, .tier3SummaryRequired, .tier2Overflow, .tier1Overflow, .analysisRequest, .defaultChat,
            .requested,
            .alias,
        ]
        #expect(
            reasons.map(\.rawValue) == [
                "tool_selected", "tier3_summary_required", "tier2_overflow", "tier1_overflow", "analysis_request",
                "default_chat",
                "requested", "alias",
            ])
        #expect(ModelSelection.Tier.allCases.map(\.rawValue) == ["tier1", "tier2", "tier3"])
    }
}
