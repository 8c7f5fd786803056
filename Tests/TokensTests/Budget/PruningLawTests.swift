import OrchTestSupport
import OrchTokens
import Testing

/// What holds for any conversation whatsoever.
@Suite struct PruningLawTests {
    @Test(arguments: [false, true])
    func `for any conversation and budget the laws of pruning hold`(uniqueIdentifiers: Bool) throws {
        var generator = SeededGenerator(seed: uniqueIdentifiers ? 1 : 2)
        var pruned = 0
        for _ in 0..<1200 {
            let messages = conversation(uniqueIdentifiers: uniqueIdentifiers, &generator)
            let overhead = Int.random(in: 0...20, using: &generator)
            let budget = Int.random(in: 1...600, using: &generator)
            let pruner = Pruner(budget: budget, overhead: overhead)
            do throws(BudgetError) {
                let plan = try pruner.plan(messages)
                check(plan, of: messages, budget: budget, overhead: overhead)
                checkPairs(plan, of: messages, uniqueIdentifiers: uniqueIdentifiers)
                pruned += plan.dropped.isEmpty ? 0 : 1
            } catch {
                #expect(error.needed > budget && error.budget == budget)
                // What it asks for is enough, and no less would be.
                let least = try Pruner(budget: error.needed, overhead: overhead).plan(messages)
                #expect(least.tokensAfter <= error.needed)
                #expect(throws: error) { try pruner.plan(messages) }
                let short = error.needed - 1
                #expect(throws: BudgetError(needed: error.needed, budget: short)) {
                    try Pruner(budget: short, overhead: overhead).plan(messages)
                }
            }
        }
        #expect(pruned > 150, "the generator makes conversations that need pruning")
    }

    @Test func `with a smaller budget nothing comes back`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let messages = conversation(uniqueIdentifiers: false, &generator)
            var dropped: Set<Int> = []
            for budget in stride(from: 700, to: 0, by: -35) {
                guard let plan = try? Pruner(budget: budget).plan(messages) else { break }
                #expect(dropped.isSubset(of: plan.dropped))
                dropped = Set(plan.dropped)
            }
        }
    }

    @Test func `2,000 messages of 100,000 tokens give the same plan 100 times over`() throws {
        var generator = SeededGenerator(seed: 4)
        let messages = (0..<2000).map { index in
            let role: BudgetMessage.Role = index.isMultiple(of: 4) ? .user : index % 4 == 2 ? .tool : .assistant
            return BudgetMessage(
                role: role, tokens: 50,
                priority: index % 97 == 0 ? .number(.random(in: 0...100, using: &generator)) : nil,
                calls: index % 4 == 1 ? ["call_\(index % 12)"] : [],
                answers: index % 4 == 2 ? "call_\((index - 1) % 12)" : nil)
        }
        let pruner = Pruner(budget: 16384)
        let plan = try pruner.plan(messages)
        #expect(plan.tokensBefore == 100_000 && plan.tokensAfter == 16200 && plan.turns.count == 500)
        check(plan, of: messages, budget: 16384, overhead: 0)
        for _ in 0..<100 { #expect(try pruner.plan(messages) == plan) }
    }

    @Test func `time grows with the messages, not with their square, however calls are tangled`() {
        let growth = ThreadTime.growth(from: 1000, to: 8000) { count in
            let messages = (0..<count).map { index in
                BudgetMessage(
                    role: index.isMultiple(of: 2) ? .user : .tool, tokens: 3,
                    calls: ["same", "\(index)"], answers: index % 3 == 0 ? "same" : "\(count - index)")
            }
            return { _ = try? Pruner(budget: count).plan(messages) }
        }
        #expect(growth < 32)
    }

    // MARK: Checks

    private func check(_ plan: PruningPlan, of messages: [BudgetMessage], budget: Int, overhead: Int) {
        #expect((plan.kept + plan.dropped).sorted() == Array(messages.indices), "each message once")
        #expect(plan.kept == plan.kept.sorted() && plan.dropped == plan.dropped.sorted(), "in order")
        let tokens = plan.kept.reduce(overhead) { $0 + messages[$1].tokens }
        #expect(plan.tokensAfter == tokens && tokens <= budget)
        #expect(plan.tokensBefore == messages.reduce(overhead) { $0 + $1.tokens })
        #expect(plan.dropped.isEmpty || plan.tokensBefore > budget)

        let kept = Set(plan.kept)
        let firstUser = messages.firstIndex { $0.role == .user }
        let lastUser = messages.lastIndex { $0.role == .user }
        for (index, message) in messages.enumerated() {
            let isMarked = message.isPinned || message.isGoal || message.priority == .pinned
            if message.role == .system || isMarked || index == firstUser || index >= lastUser ?? 0 {
                #expect(kept.contains(index))
            }
        }
        for turn in plan.turns {
            let own = turn.messages.filter { messages[$0].role != .system }
            #expect(own.allSatisfy { kept.contains($0) == (turn.fate != .dropped) }, "whole turns")
        }
        // The last to go had to; those that may go and stay are no lower than any that went.
        let gone = plan.turns.filter { $0.fate == .dropped }
        for turn in plan.turns where turn.fate == .fits {
            #expect(gone.isEmpty || turn.priority >= gone.map(\.priority).min() ?? 0)
        }
    }

    /// By identifiers alone, knowing nothing of turns.
    private func checkPairs(_ plan: PruningPlan, of messages: [BudgetMessage], uniqueIdentifiers: Bool) {
        let kept = Set(plan.kept)
        for (index, message) in messages.enumerated() where kept.contains(index) {
            if let id = message.answers {
                let calls = messages.indices.filter { messages[$0].calls.contains(id) }
                #expect(calls.isEmpty || calls.contains { kept.contains($0) }, "no answer without its call")
                if uniqueIdentifiers { #expect(calls.allSatisfy { kept.contains($0) }) }
            }
            for id in message.calls {
                let answers = messages.indices.filter { messages[$0].answers == id }
                // Where identifiers come back, the answers up to the next call of it.
                let next = messages.indices.first { $0 > index && messages[$0].calls.contains(id) } ?? messages.count
                let own = uniqueIdentifiers ? answers : answers.filter { $0 > index && $0 < next }
                #expect(own.allSatisfy { kept.contains($0) }, "no call without its answers")
            }
        }
    }

    // MARK: Conversations

    private func conversation(
        uniqueIdentifiers: Bool, _ generator: inout SeededGenerator
    ) -> [BudgetMessage] {
        let count = Int.random(in: 0...24, using: &generator)
        var messages = (0..<count).map { _ -> BudgetMessage in
            let roles: [BudgetMessage.Role] = [.system, .user, .user, .user, .assistant, .assistant, .tool]
            var message = BudgetMessage(
                role: roles.randomElement(using: &generator) ?? .user, tokens: .random(in: 0...60, using: &generator))
            switch Int.random(in: 0..<60, using: &generator) {
            case 0: message.isPinned = true
            case 1: message.isGoal = true
            case 2: message.priority = .pinned
            case 3...8: message.priority = .low
            case 9...12: message.priority = .high
            case 13...16: message.priority = .number(.random(in: -10...110, using: &generator))
            default: break
            }
            return message
        }
        guard count > 1 else { return messages }
        // Calls and answers anywhere and in any order.
        for number in 0..<Int.random(in: 0...5, using: &generator) {
            let id = uniqueIdentifiers ? "\(number)" : "\(number % 2)"
            if Int.random(in: 0..<8, using: &generator) > 0 {
                messages[.random(in: 0..<count, using: &generator)].calls.append(id)
            }
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                messages[.random(in: 0..<count, using: &generator)].answers = id
            }
        }
        return messages
    }
}
