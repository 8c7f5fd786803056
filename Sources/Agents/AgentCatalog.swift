/// The agents by name. Names match in any case.
package struct AgentCatalog: Sendable, Hashable {
    /// Sorted by name, whatever the case.
    package private(set) var agents: [Agent]

    private var placeByKey: [String: Int]

    /// A catalog without agents.
    package init() {
        agents = []
        placeByKey = [:]
    }

    /// Refuses two agents whose names differ in case only.
    package init(_ agents: some Sequence<Agent>) throws(AgentError) {
        let sorted = agents.sorted { $0.name.key < $1.name.key }
        var placeByKey: [String: Int] = [:]
        for (place, agent) in sorted.enumerated() {
            guard placeByKey.updateValue(place, forKey: agent.name.key) == nil else {
                throw AgentError(.duplicateName, reason: "there are two agents named `\(agent.name)`")
            }
        }
        self.agents = sorted
        self.placeByKey = placeByKey
    }

    /// The agent of that name in any case.
    package subscript(_ name: String) -> Agent? {
        guard let key = try? AgentName(name).key, let place = placeByKey[key] else { return nil }
        return agents[place]
    }

    package var count: Int { agents.count }
    package var isEmpty: Bool { agents.isEmpty }
}
