import OrchTokens
import Testing

@Suite struct PrunerTests {
    /// Turns of a question and an answer, ten tokens each, after a system message of five.
    private func talk(_ turns: Int, _ change: (inout [BudgetMessage]) -> Void = { _ in }) -> [BudgetMessage] {
        var messages = [BudgetMessage(role: .system, tokens: 5)]
        for _ in 0..<turns { messages += [.user(10), .assistant(10)] }
        change(&messages)
        return messages
    }

    @Test func `within the budget, to the token, nothing is dropped`() throws {
        for budget in [85, 86, .max] {
            let plan = try Pruner(budget: budget).plan(talk(4))
            #expect(plan.kept == Array(0..<9) && plan.dropped.isEmpty)
            #expect(plan.tokensBefore == 85 && plan.tokensAfter == 85)
            #expect(plan.turns.map(\.fate) == [.goal, .fits, .fits, .lastTurn])
        }
        #expect(try Pruner(budget: 84).plan(talk(4)).dropped == [3, 4])
    }

    @Test func `the oldest turn between the goal and the end goes first, and no more than needed`() throws {
        // 125 tokens in all; each turn frees 20.
        let expected: [(budget: Int, dropped: [Int], after: Int)] = [
            (124, [3, 4], 105), (105, [3, 4], 105), (104, [3, 4, 5, 6], 85), (85, [3, 4, 5, 6], 85),
            (84, [3, 4, 5, 6, 7, 8], 65), (45, Array(3...10), 45),
        ]
        for (budget, dropped, after) in expected {
            let plan = try Pruner(budget: budget).plan(talk(6))
            #expect(plan.dropped == dropped && plan.tokensAfter == after && plan.tokensBefore == 125)
            #expect(plan.kept == (0..<13).filter { !dropped.contains($0) })
        }
    }

    @Test func `unmarked turns of six have 25, 30, 35 to 50, of three 30, 40, 50, exactly`() throws {
        #expect(try Pruner(budget: 0).plan(talk(6)).turns.map(\.priority) == [25, 30, 35, 40, 45, 50])
        #expect(try Pruner(budget: 0).plan(talk(3)).turns.map(\.priority) == [30, 40, 50])
        #expect(try Pruner(budget: 0).plan(talk(1)).turns.map(\.priority) == [50])
        // 20 + 30/7 and so on, divided once.
        let sevenths = try Pruner(budget: 0).plan(talk(7)).turns.map(\.priority)
        #expect(sevenths == [30.0, 60, 90, 120, 150, 180, 210].map { 20 + $0 / 7 })
        let many = try Pruner(budget: 0).plan(talk(2000)).turns.map(\.priority)
        #expect(zip(many, many.dropFirst()).allSatisfy { $0 < $1 } && many.last == 50 && many[0] == 20.015)
    }

    @Test func `marks stand for their numbers, and the lowest of a turn's messages counts`() throws {
        let plan = try Pruner(budget: 0).plan([
            .user(1, .low), .assistant(1, .high),  // 10
            .user(1, .high), .assistant(1, .high),  // 100
            .user(1, .high), .assistant(1),  // 20 + 30 × 3/8
            .user(1, .medium), .assistant(1, .pinned),  // 50
            .user(1, .number(3.5)), .assistant(1, .low),  // 3.5
            .user(1, .number(700)),  // as given
            .user(1, .number(-1)), .assistant(1),  // as given
            .user(1, .medium), .assistant(1, .medium),  // 50
        ])
        #expect(plan.turns.map(\.priority) == [10, 100, 31.25, 50, 3.5, 700, -1, 50])
        #expect(plan.turns.map(\.fate) == [.goal, .fits, .fits, .pinned, .fits, .fits, .fits, .lastTurn])
    }

    @Test func `the lowest priority goes first, and of equals the oldest`() throws {
        let messages: [BudgetMessage] = [
            .user(10), .user(10, .medium), .user(10, .low), .user(10, .high), .user(10, .low), .user(10, .medium),
            .user(10),
        ]
        for (budget, dropped) in [
            (60, [2]), (50, [2, 4]), (40, [1, 2, 4]), (30, [1, 2, 4, 5]), (20, [1, 2, 3, 4, 5]),
        ] {
            #expect(try Pruner(budget: budget).plan(messages).dropped == dropped)
        }
    }

    @Test func `numbers that are none, or endless, are ordered all the same`() throws {
        let messages: [BudgetMessage] = [
            .user(10), .user(10, .number(.infinity)), .user(10, .number(.nan)), .user(10, .number(-.infinity)),
            .user(10, .number(-.greatestFiniteMagnitude)), .user(10, .number(-0.0)), .user(10, .number(0)), .user(10),
        ]
        let plan = try Pruner(budget: 79).plan(messages)
        #expect(plan.turns.allSatisfy { $0.priority.isFinite })
        #expect(plan.turns[2].priority == 20 + 90.0 / 8, "no number is no mark")
        var order: [Int] = []
        for budget in stride(from: 70, through: 20, by: -10) {
            order += Set(try Pruner(budget: budget).plan(messages).dropped).subtracting(order)
        }
        #expect(order == [3, 4, 5, 6, 2, 1])
    }

    @Test func `a larger turn that had to go does not make room for an earlier one to come back`() throws {
        let plan = try Pruner(budget: 60).plan([.user(10), .user(5), .user(100), .user(30), .user(10)])
        #expect(plan.dropped == [1, 2] && plan.tokensAfter == 50)
    }

    @Test func `pinned and goal messages keep their turn whole; high ones do not`() throws {
        for (mark, fate) in [
            (BudgetMessage(role: .assistant, tokens: 10, isPinned: true), PruningPlan.Fate.pinned),
            (BudgetMessage(role: .assistant, tokens: 10, priority: .pinned), .pinned),
            (BudgetMessage(role: .assistant, tokens: 10, priority: .low, isPinned: true), .pinned),
            (BudgetMessage(role: .assistant, tokens: 10, isGoal: true), .goal),
        ] {
            let plan = try Pruner(budget: 65).plan(talk(5) { $0[4] = mark })
            #expect(plan.dropped == [5, 6, 7, 8] && plan.turns[1].fate == fate)
        }
        let high = try Pruner(budget: 45).plan(talk(5) { $0[4] = .assistant(10, .high) })
        #expect(high.dropped == Array(3...8))
    }

    @Test func `system messages stay in a dropped turn, and neither weigh nor mark it`() throws {
        let plan = try Pruner(budget: 30).plan([
            .user(10), .user(10), BudgetMessage(role: .system, tokens: 7, priority: .low, isPinned: true, isGoal: true),
            .assistant(10), .user(10),
        ])
        #expect(plan.kept == [0, 2, 4] && plan.dropped == [1, 3] && plan.tokensAfter == 27)
        #expect(plan.turns[1].fate == .dropped && plan.turns[1].tokens == 20 && plan.turns[1].priority == 40)
        #expect(plan.turns[1].messages == 1..<4)
    }

    @Test func `what comes before the first user message is a turn that may go, and not the goal`() throws {
        let messages: [BudgetMessage] = [
            BudgetMessage(role: .system, tokens: 1), .assistant(10), .assistant(10), .user(10), .assistant(10),
            .user(10),
        ]
        let plan = try Pruner(budget: 40).plan(messages)
        #expect(plan.dropped == [1, 2] && plan.turns.map(\.messages) == [1..<3, 3..<5, 5..<6])
        #expect(plan.turns.map(\.fate) == [.dropped, .goal, .lastTurn])
        #expect(plan.turns.map(\.priority) == [30, 40, 50])
        let alone = try Pruner(budget: 20).plan([.assistant(10), .tool(10, "x")])
        #expect(alone.turns.map(\.fate) == [.lastTurn])
    }

    @Test func `0 turns budgeting off, and in less than that nothing fits`() throws {
        let plan = try Pruner(budget: 0, overhead: 1000).plan(talk(9))
        #expect(plan.dropped.isEmpty && plan.tokensBefore == 1185 && plan.tokensAfter == 1185)
        #expect(throws: BudgetError(needed: 45, budget: -1)) { try Pruner(budget: -1).plan(talk(9)) }
        #expect(throws: BudgetError(needed: 45, budget: .min)) { try Pruner(budget: .min).plan(talk(9)) }
        let nothing = try Pruner(budget: 1).plan([])
        #expect(nothing.kept.isEmpty && nothing.turns.isEmpty && nothing.tokensAfter == 0)
    }

    @Test func `the overhead is always there, and an overhead below nothing is none`() throws {
        #expect(try Pruner(budget: 185, overhead: 100).plan(talk(4)).dropped.isEmpty)
        let plan = try Pruner(budget: 184, overhead: 100).plan(talk(4))
        #expect(plan.dropped == [3, 4] && plan.tokensBefore == 185 && plan.tokensAfter == 165)
        #expect(try Pruner(budget: 85, overhead: -9).plan(talk(4)).tokensBefore == 85)
        #expect(throws: BudgetError(needed: 2, budget: 1)) { try Pruner(budget: 1, overhead: 2).plan([]) }
    }

    @Test func `when what must stay does not fit, by one token, the error says both numbers`() throws {
        #expect(try Pruner(budget: 45).plan(talk(9)).tokensAfter == 45)
        let error = #expect(throws: BudgetError.self) { try Pruner(budget: 44).plan(talk(9)) }
        #expect(error?.needed == 45 && error?.budget == 44 && error?.codeName == "context_length_exceeded")
        let message = try #require(error?.message)
        #expect(message.contains("45 tokens") && message.contains("44") && message.contains("ORCH_MAX_TOKENS"))
    }

    @Test func `sizes that no machine holds are summed without a trap, and compared exactly`() throws {
        let huge = [BudgetMessage.user(1), .user(.max), .user(.max), .user(.min), .user(2)]
        let plan = try Pruner(budget: .max, overhead: 5).plan(huge)
        #expect(plan.tokensBefore == .max && plan.dropped == [1, 2] && plan.tokensAfter == 8)
        #expect(throws: BudgetError(needed: .max, budget: .max)) {
            try Pruner(budget: .max, overhead: .max).plan([.user(.max), .user(.max)])
        }
    }

    @Test func `scores rank unmarked turns, held between 20 and 50, and marks come first`() throws {
        let scores = [50, 40, 90, -3, .nan, 30]
        let messages = talk(7) { $0[13] = .user(10, .low) }
        let plan = try Pruner(budget: 0, strategy: .scores(scores)).plan(messages)
        #expect(plan.turns.map(\.priority) == [50, 40, 50, 20, 20 + 150.0 / 7, 30, 10])
        #expect(try Pruner(budget: 125, strategy: .scores(scores)).plan(messages).dropped == [7, 8])
        #expect(try Pruner(budget: 0, strategy: .scores([])).plan(talk(3)).turns.map(\.priority) == [30, 40, 50])
    }
}

extension BudgetMessage {
    static func user(_ tokens: Int, _ priority: Priority? = nil) -> BudgetMessage {
        BudgetMessage(role: .user, tokens: tokens, priority: priority)
    }

    static func assistant(_ tokens: Int, _ priority: Priority? = nil, calls: [String] = []) -> BudgetMessage {
        BudgetMessage(role: .assistant, tokens: tokens, priority: priority, calls: calls)
    }

    static func tool(_ tokens: Int, _ answers: String?, isPinned: Bool = false) -> BudgetMessage {
        BudgetMessage(role: .tool, tokens: tokens, isPinned: isPinned, answers: answers)
    }
}
