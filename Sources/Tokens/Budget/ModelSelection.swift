/// Chooses a model by the size and kind of a request.
package struct ModelSelector: Sendable {
    /// The models and the sizes, in tokens, at which one hands over to the next.
    package struct Thresholds: Sendable {
        package var chatModel: String
        package var reasonerModel: String
        package var toolModel: String
        package var chatTier1: Int
        package var reasonerTier1: Int
        package var tier3: Int

        package init(
            chatModel: String, reasonerModel: String, toolModel: String, chatTier1: Int, reasonerTier1: Int, tier3: Int
        ) {
            self.chatModel = chatModel
            self.reasonerModel = reasonerModel
            self.toolModel = toolModel
            self.chatTier1 = chatTier1
            self.reasonerTier1 = reasonerTier1
            self.tier3 = tier3
        }
    }

    private let thresholds: Thresholds

    package init(_ thresholds: Thresholds) {
        self.thresholds = thresholds
    }

    package var chatModel: String { thresholds.chatModel }

    /// The first condition that applies decides; see the table in docs/routing.md.
    ///
    /// - Parameters:
    ///   - tokens: The input's size, counted before pruning.
    ///   - answersServerTool: Whether the turn answers a tool call that the server ran.
    ///   - asksForAnalysis: Whether the last user text asks for analysis.
    package func select(tokens: Int, answersServerTool: Bool, asksForAnalysis: Bool) -> ModelSelection {
        if answersServerTool { return ModelSelection(thresholds.toolModel, .toolSelected, tier: nil) }
        if tokens > thresholds.tier3 {
            return ModelSelection(thresholds.reasonerModel, .tier3SummaryRequired, tier: .tier3)
        }
        if tokens > thresholds.reasonerTier1 {
            return ModelSelection(thresholds.reasonerModel, .tier2Overflow, tier: .tier2)
        }
        if tokens > thresholds.chatTier1 {
            return ModelSelection(thresholds.reasonerModel, .tier1Overflow, tier: .tier2)
        }
        if asksForAnalysis { return ModelSelection(thresholds.reasonerModel, .analysisRequest, tier: .tier2) }
        return ModelSelection(thresholds.chatModel, .defaultChat, tier: .tier1)
    }
}

/// A chosen model and why.
package struct ModelSelection: Sendable, Equatable {
    /// Why a model was chosen, as `model_decision.reason` says it.
    package enum Reason: String, Sendable {
        case toolSelected = "tool_selected"
        case tier3SummaryRequired = "tier3_summary_required"
        case tier2Overflow = "tier2_overflow"
        case tier1Overflow = "tier1_overflow"
        case analysisRequest = "analysis_request"
        case defaultChat = "default_chat"
        /// The caller named the model.
        case requested
        /// The caller named an alias of the model.
        case alias
    }

    package enum Tier: String, Sendable, CaseIterable {
        case tier1, tier2, tier3
    }

    package var model: String
    package var reason: Reason
    package var tier: Tier?

    package init(_ model: String, _ reason: Reason, tier: Tier?) {
        self.model = model
        self.reason = reason
        self.tier = tier
    }
}
