import OrchPolicyFiles
import OrchRouting
import Testing

/// Intents in JSON Lines.
struct IntentFileLineTests {
    private func parse(_ bytes: [UInt8]) throws(PolicyFileError) -> IntentCatalog {
        try IntentFile.parse(bytes, file: "i.jsonl")
    }

    private func parse(_ text: String) throws(PolicyFileError) -> IntentCatalog { try parse(Array(text.utf8)) }

    private func refusal(of text: String) throws -> PolicyFileError {
        try #require(throws: PolicyFileError.self) { try parse(text) }
    }

    @Test func intentsComeInTheOrderOfTheirFirstLines() throws {
        let catalog = try parse(
            #"""
            {"text": "b one", "intent": "b"}
            {"intent": "a", "text": "a one"}
            {"text": "b two", "intent": "b"}
            {"text": "b one", "intent": "b"}
            {"text": "b one", "intent": "a"}
            {"text": "Gr\u00fc\u00dfe \ud83e\udd8a \"x\"", "intent": "c\u00e9"}
            """#)
        #expect(
            catalog.intents == [
                Intent(id: "b", examples: ["b one", "b two"]), Intent(id: "a", examples: ["a one", "b one"]),
                Intent(id: "cé", examples: ["Grüße 🦊 \"x\""]),
            ])
    }

    @Test func linesMayEndAndBeEmptyInAnyWay() throws {
        let line = #"{"text":"x","intent":"a"}"#
        let other = #"{"text":"y","intent":"a"}"#
        for text in [
            "\(line)\n\(other)", "\(line)\n\(other)\n", "\(line)\r\n\(other)\r\n", "\n \t\r\n\(line)\n\n\(other)\n\n",
            "\u{FEFF}\(line)\n\(other)", " \(line) \n\t\(other)\t",
        ] {
            #expect(try parse(text).intents == [Intent(id: "a", examples: ["x", "y"])], "\(text)")
        }
    }

    private static let good = #"{"text": "x", "intent": "a"}"# + "\n"
    private static let long = String(repeating: "é", count: 2001)

    @Test(arguments: [
        ("", PolicyFileError.Code.invalidValue, "i.jsonl: the file holds no example"),
        ("\n \n", .invalidValue, "i.jsonl: the file holds no example"),
        (good + "{", .invalidJSON, "i.jsonl:2:2: expected a key in double quotes"),
        (good + "nope", .invalidJSON, "i.jsonl:2:1: unexpected word"),
        (
            good + "\n" + #"{"text": "é", "intent": "a"} {"#, .invalidJSON,
            "i.jsonl:3:30: unexpected text after the value"
        ),
        (good + #"{"text": "x","#, .invalidJSON, "i.jsonl:2:14: expected a key in double quotes"),
        (#"{"text": "x", "text": "y", "intent": "a"}"#, .invalidJSON, "i.jsonl:1:15: duplicate key"),
        (good + "[1]", .wrongType, "i.jsonl:2:1: expected an object, found an array"),
        (good + "  3", .wrongType, "i.jsonl:2:3: expected an object, found a number"),
        (good + #"{"text": "x"}"#, .missingKey, "i.jsonl:2:1: the key `intent` is missing"),
        (good + #" {"intent": "x"}"#, .missingKey, "i.jsonl:2:2: the key `text` is missing"),
        (
            good + #"{"é": 1, "txet": "x", "intent": "a"}"#, .unknownKey,
            "i.jsonl:2:2: unknown key `é`; known keys: text, intent"
        ),
        (
            good + #"{"text": "é", "intnet": "a"}"#, .unknownKey,
            "i.jsonl:2:15: unknown key `intnet`; did you mean `intent`?"
        ),
        (good + #"{"text": "x", "intent": 3}"#, .wrongType, "i.jsonl:2:25: expected a string, found a number"),
        (good + #"{"text": null, "intent": "a"}"#, .wrongType, "i.jsonl:2:10: expected a string, found null"),
        (good + #"{"text": " ", "intent": "a"}"#, .invalidValue, "i.jsonl:2:10: intent `a`: an example is empty"),
        (good + #"{"text": "x", "intent": ""}"#, .invalidValue, "i.jsonl:2:25: intent ``: the id is empty"),
        (
            good + #"{"text": "\#(long)", "intent": "a"}"#, .invalidValue,
            "i.jsonl:2:10: intent `a`: an example has more than 2000 characters"
        ),
        (
            good + #"{"text": "x", "intent": "a\u0007"}"#, .invalidValue,
            "i.jsonl:2:25: intent `a\u{FFFD}`: the id has a control character"
        ),
    ])
    func aFaultIsNamedWithItsPlace(text: String, code: PolicyFileError.Code, message: String) throws {
        let error = try refusal(of: text)
        #expect(error.code == code)
        #expect(error.message == message)
    }

    @Test func bytesThatAreNotUTF8AreRefusedWithTheirLine() throws {
        let bytes = Array(Self.good.utf8) + Array(#"{"text": "x"#.utf8) + [0xFF] + Array(#"", "intent": "a"}"#.utf8)
        let error = try #require(throws: PolicyFileError.self) { try parse(bytes) }
        #expect(error.code == .invalidJSON)
        #expect(error.line == 2 && error.column == 12, "\(error)")
    }

    @Test func messagesQuoteNothingThatPeopleSay() throws {
        for text in [
            #"{"text": "my secret", "intent": 3}"#, #"{"text": "my secret" "intent": "a"}"#,
            #"{"text": "my secret", "intent": "a", "note": 1}"#,
        ] {
            #expect(!(try refusal(of: text).message.contains("secret")))
        }
    }

    @Test func intentsAndExamplesAreCounted() throws {
        func lines(_ count: Int, _ intent: (Int) -> String) -> String {
            (0..<count).map { #"{"text":"t\#($0)","intent":"\#(intent($0))"}"# + "\n" }.joined()
        }
        #expect(try parse(lines(2000) { "i\($0)" }).intents.count == 2000)
        let many = try refusal(of: lines(2001) { "i\($0)" })
        #expect(many.code == .tooComplex)
        #expect(many.message == "i.jsonl:2001:26: there are more than 2000 intents")
        #expect(try parse(lines(1000) { _ in "a" }).intents[0].examples.count == 1000)
        let more = try refusal(of: lines(1001) { _ in "a" })
        #expect(more.message == "i.jsonl:1001:9: the intent has more than 1000 examples")
    }

    @Test func manyLinesAreRead() throws {
        let text = (0..<15_000).map { #"{"text": "example number \#($0)", "intent": "i\#($0 % 150)"}"# }
            .joined(separator: "\n")
        let catalog = try parse(text)
        #expect(catalog.intents.count == 150)
        #expect(catalog.intents.allSatisfy { $0.examples.count == 100 })
    }
}
