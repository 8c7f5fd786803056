import OrchCore

@testable import OrchOrchestrator

extension Bench {
    /// With a router of some parts, and real stores of approvals and reviews.
    init(
        _ parts: RouterParts, _ governance: Governance? = nil, _ change: (inout Options) -> Void = { _ in }
    ) throws {
        let router = try parts.router
        try self.init { options in
            options.routing = router
            if let governance { options.approvals = governance.desk }
            change(&options)
        }
    }
}

/// What a whole answer says.
func content(_ answer: JSONNode) -> String {
    answer["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string ?? ""
}
