import OrchCore
import OrchRouting
import Testing

struct IntentCatalogTests {
    private func refusal(of intents: [Intent]) throws -> IntentError {
        try #require(throws: IntentError.self) { try IntentCatalog(intents) }
    }

    @Test func intentsKeepTheirOrder() throws {
        let intents = [
            Intent(id: "two", description: "Second"), Intent(id: "one", examples: ["first"]),
            Intent(id: "three", examples: ["third"], minimumConfidence: 0.9, minimumGap: 0.1),
        ]
        let catalog = try IntentCatalog(intents)
        #expect(catalog.intents == intents)
        #expect(catalog["one"] == intents[1])
        #expect(catalog["four"] == nil)
    }

    @Test func noIntentsAreACatalogueToo() throws {
        #expect(IntentCatalog().intents.isEmpty)
        #expect(try IntentCatalog([]).intents.isEmpty)
    }

    @Test func aDisabledIntentIsNotInIt() throws {
        let catalog = try IntentCatalog([
            Intent(id: "off", tool: "t", examples: ["a"], isEnabled: false),
            Intent(id: "on", tool: "t", examples: ["b"]),
        ])
        #expect(catalog.intents.map(\.id) == ["on"])
        #expect(catalog["off"] == nil)
        #expect(catalog.arguments(of: "off", for: "a") == nil)
        #expect(catalog.arguments(of: "on", for: "b") == ["input": "b"])
    }

    @Test func aDisabledIntentIsCheckedAllTheSame() throws {
        #expect(try refusal(of: [Intent(id: "off", isEnabled: false)]).place == 0)
        let twice = try refusal(of: [
            Intent(id: "a", examples: ["x"], isEnabled: false), Intent(id: "a", examples: ["y"]),
        ])
        #expect(twice.code == .duplicateID)
    }

    @Test func anExampleThatComesTwiceCountsOnce() throws {
        let catalog = try IntentCatalog([
            Intent(id: "one", examples: ["a", "b", "a", "A", "b"]), Intent(id: "two", examples: ["a"]),
        ])
        #expect(catalog["one"]?.examples == ["a", "b", "A"])
        #expect(catalog["two"]?.examples == ["a"])
    }

    @Test func aToolGetsTheTextAndItsFixedArguments() throws {
        let catalog = try IntentCatalog([
            Intent(id: "count", tool: "tokens", params: ["action": "count", "message_key": "text"], examples: ["a"]),
            Intent(id: "code", tool: "python_exec", examples: ["a"]), Intent(id: "chat", examples: ["a"]),
        ])
        #expect(catalog.arguments(of: "count", for: " Some Text ") == ["action": "count", "text": " Some Text "])
        #expect(catalog.arguments(of: "code", for: "x") == ["code": "x"])
        #expect(catalog.arguments(of: "chat", for: "x") == nil)
        #expect(catalog.arguments(of: "none", for: "x") == nil)
    }

    @Test(
        arguments: [
            (Intent(id: "", examples: ["a"]), "intent 2: the id is empty"),
            (Intent(id: " \u{3000}", examples: ["a"]), "intent 2: the id is empty"),
            (Intent(id: "a\u{7}", examples: ["a"]), "intent 2: the id has a control character"),
            (
                Intent(id: String(repeating: "i", count: 201), examples: ["a"]),
                "intent 2: the id has more than 200 characters"
            ),
            (Intent(id: "first", examples: ["a"]), "intent 2: an earlier intent has this id"),
            (Intent(id: "a", tool: " ", examples: ["a"]), "intent 2: the tool is empty"),
            (
                Intent(id: "a", params: ["k": 1], examples: ["a"]),
                "intent 2: there are params, but no tool that takes them"
            ),
            (
                Intent(id: "a", tool: "t", params: ["message_key": 1], examples: ["a"]),
                "intent 2: params.message_key is not the name of an argument"
            ),
            (Intent(id: "a"), "intent 2: there are neither examples nor a description to know it by"),
            (
                Intent(id: "a", description: " \n"),
                "intent 2: there are neither examples nor a description to know it by"
            ),
            (
                Intent(id: "a", description: String(repeating: "é", count: 2001)),
                "intent 2: the description has more than 2000 characters"
            ),
            (Intent(id: "a", examples: ["x", ""]), "intent 2, example 2: an example is empty"),
            (Intent(id: "a", examples: ["\u{A0}\t"]), "intent 2, example 1: an example is empty"),
            (
                Intent(id: "a", examples: ["x", "y", String(repeating: "語", count: 2001)]),
                "intent 2, example 3: an example has more than 2000 characters"
            ),
            (
                Intent(id: "a", examples: ["x"], minimumConfidence: 1.5),
                "intent 2: a threshold is not between 0 and 1"
            ),
            (Intent(id: "a", examples: ["x"], minimumGap: -0.1), "intent 2: a threshold is not between 0 and 1"),
            (Intent(id: "a", examples: ["x"], minimumGap: .nan), "intent 2: a threshold is not between 0 and 1"),
        ] as [(Intent, String)])
    func whatCannotBeUsedIsNamedWithItsPlace(intent: Intent, message: String) throws {
        #expect(try refusal(of: [Intent(id: "first", examples: ["a"]), intent]).message == message)
    }

    @Test func whatJustFitsIsTaken() throws {
        let text = String(repeating: "語", count: 2000)
        let catalog = try IntentCatalog([
            Intent(
                id: String(repeating: "é", count: 200), description: text, examples: [text], minimumConfidence: 1,
                minimumGap: 0)
        ])
        #expect(catalog.intents.count == 1)
    }

    @Test func intentsAreCounted() throws {
        func intents(_ count: Int) -> [Intent] { (0..<count).map { Intent(id: "i\($0)", description: "d") } }
        #expect(try IntentCatalog(intents(2000)).intents.count == 2000)
        let error = try refusal(of: intents(2001))
        #expect(error.code == .tooMany)
        #expect(error.message == "intent 2001: there are more than 2000 intents")
    }

    @Test func examplesAreCounted() throws {
        func intent(_ number: Int, _ count: Int) -> Intent {
            Intent(id: "i\(number)", examples: (0..<count).map { "e\($0)" })
        }
        #expect(
            try refusal(of: [intent(0, 1001)]).message
                == "intent 1, example 1001: the intent has more than 1000 examples")
        let most = (0..<150).map { intent($0, 1000) }
        #expect(try IntentCatalog(most).intents.count == 150)
        let error = try refusal(of: most + [intent(150, 1)])
        #expect(error.code == .tooMany)
        #expect(error.message == "intent 151, example 1: there are more than 150000 examples in all")
    }
}
