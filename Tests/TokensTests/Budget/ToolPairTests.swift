import OrchTokens
import Testing

@Suite struct ToolPairTests {
    /// The fates of the turns, with as little kept as can be.
    private func fates(_ messages: [BudgetMessage]) throws -> [PruningPlan.Fate] {
        let error = #expect(throws: BudgetError.self) { try Pruner(budget: -1).plan(messages) }
        return try Pruner(budget: #require(error).needed).plan(messages).turns.map(\.fate)
    }

    @Test func `a call and its answer in one turn go together`() throws {
        let messages: [BudgetMessage] = [
            .user(1), .user(1), .assistant(1, calls: ["a", "b"]), .tool(1, "a"), .tool(1, "b"), .assistant(1), .user(1),
        ]
        #expect(try fates(messages) == [.goal, .dropped, .lastTurn])
        #expect(try Pruner(budget: 6).plan(messages).dropped == Array(1...5))
    }

    @Test func `a pinned answer keeps its call's turn, and a pinned call its answer's`() throws {
        let answer: [BudgetMessage] = [
            .user(1), .user(1), .assistant(1, calls: ["a"]), .user(1), .tool(1, "a", isPinned: true), .user(1),
            .user(1),
        ]
        #expect(try fates(answer) == [.goal, .toolPair, .pinned, .dropped, .lastTurn])
        var call = answer
        call[2].isPinned = true
        call[4].isPinned = false
        #expect(try fates(call) == [.goal, .pinned, .toolPair, .dropped, .lastTurn])
    }

    @Test func `an answer in the last turn keeps the call, and one to the goal's call stays`() throws {
        #expect(
            try fates([.user(1), .user(1), .assistant(1, calls: ["a"]), .user(1), .user(1), .tool(1, "a")])
                == [.goal, .toolPair, .dropped, .lastTurn])
        #expect(
            try fates([.user(1), .assistant(1, calls: ["a"]), .user(1), .user(1), .tool(1, "a"), .user(1)])
                == [.goal, .dropped, .toolPair, .lastTurn])
    }

    @Test func `chains of calls over many turns stay or go as one, by their lowest priority`() throws {
        var chain: [BudgetMessage] = [
            .user(1), .user(1), .assistant(1, calls: ["a"]), .user(1), .tool(1, "a"), .assistant(1, calls: ["b"]),
            .user(1), .tool(1, "b"), .user(1, .number(21)), .user(1, .number(39)), .user(1),
        ]
        // The chain has the 20 + 30 × 2/7 of its first turn: after 21, before 39.
        #expect(try Pruner(budget: 10).plan(chain).dropped == [8])
        #expect(try Pruner(budget: 9).plan(chain).dropped == Array(1...8))
        #expect(try fates(chain) == [.goal, .dropped, .dropped, .dropped, .dropped, .dropped, .lastTurn])
        chain[7].isPinned = true
        #expect(try fates(chain) == [.goal, .toolPair, .toolPair, .pinned, .dropped, .dropped, .lastTurn])
    }

    @Test func `an identifier that comes back in every turn links none of them`() throws {
        var messages: [BudgetMessage] = []
        for _ in 0..<6 { messages += [.user(1), .assistant(1, calls: ["call_0"]), .tool(1, "call_0"), .assistant(1)] }
        #expect(try fates(messages) == [.goal, .dropped, .dropped, .dropped, .dropped, .lastTurn])
    }

    @Test func `calls of one identifier that wait together get the answer together`() throws {
        let messages: [BudgetMessage] = [
            .user(1), .user(1), .assistant(1, calls: ["x"]), .user(1), .assistant(1, calls: ["x"]), .user(1),
            .tool(1, "x"), .tool(1, "x", isPinned: true), .user(1), .user(1),
        ]
        #expect(try fates(messages) == [.goal, .toolPair, .toolPair, .pinned, .dropped, .lastTurn])
    }

    @Test func `a second answer belongs to the call that already has one`() throws {
        let messages: [BudgetMessage] = [
            .user(1), .user(1), .assistant(1, calls: ["x"]), .tool(1, "x"), .user(1), .user(1), .tool(1, "x"),
        ]
        #expect(try fates(messages) == [.goal, .toolPair, .dropped, .lastTurn])
    }

    @Test func `an answer before its call is still one`() throws {
        let messages: [BudgetMessage] = [
            .user(1), .user(1), .tool(1, "x"), .user(1), .assistant(1, calls: ["x"]), .user(1), .user(1),
        ]
        #expect(try fates(messages) == [.goal, .dropped, .dropped, .dropped, .lastTurn])
        #expect(try Pruner(budget: 6).plan(messages).dropped == [1, 2, 3, 4])
        var pinned = messages
        pinned[2].isPinned = true
        #expect(try fates(pinned) == [.goal, .pinned, .toolPair, .dropped, .lastTurn])
    }

    @Test func `without an identifier an answer is the last call's; without a call it stands alone`() throws {
        #expect(
            try fates([
                .user(1), .user(1), .assistant(1, calls: [""]), .user(1), .tool(1, nil, isPinned: true), .user(1),
            ])
                == [.goal, .toolPair, .pinned, .lastTurn])
        #expect(
            try fates([.user(1), .user(1), .tool(1, nil), .tool(1, "nobody's"), .user(1), .user(1)])
                == [.goal, .dropped, .dropped, .lastTurn])
    }

    @Test func `calls and answers of system messages keep the other side`() throws {
        let messages: [BudgetMessage] = [
            BudgetMessage(role: .system, tokens: 1, calls: ["s"]), .user(1), .user(1), .tool(1, "s"), .user(1),
            .assistant(1, calls: ["t"]), BudgetMessage(role: .system, tokens: 1, answers: "t"), .user(1), .user(1),
        ]
        #expect(try fates(messages) == [.goal, .toolPair, .toolPair, .dropped, .lastTurn])
    }
}
