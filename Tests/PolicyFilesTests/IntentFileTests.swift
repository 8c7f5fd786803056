import OrchCore
import OrchPolicyFiles
import OrchRouting
import Synchronization
import Testing

/// Intents in YAML, and what holds for both of their forms.
struct IntentFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> IntentCatalog {
        try IntentFile.parse(Array(text.utf8), file: "i.yaml")
    }

    private func refusal(of text: String) throws -> PolicyFileError {
        try #require(throws: PolicyFileError.self) { try parse(text) }
    }

    @Test func everyKeyIsRead() throws {
        let catalog = try parse(
            """
            version: 1
            description: All of it
            intents:
              - id: count
                description: Count the tokens
                tool: tokens
                params: {action: count, message_key: text, limits: [1, 2.5]}
                examples: [how many tokens, "42", how many tokens]
                min_confidence: 0.9
                min_gap: 1
                enabled: true
              - {id: chat, description: Talk, tool: ~, examples: ~}
              - {id: off, examples: [x], enabled: false}
              - {id: shared, examples: [how many tokens]}
            """)
        #expect(
            catalog.intents == [
                Intent(
                    id: "count", description: "Count the tokens", tool: "tokens",
                    params: ["action": "count", "message_key": "text", "limits": [1, 2.5]],
                    examples: ["how many tokens", "42"], minimumConfidence: 0.9, minimumGap: 1),
                Intent(id: "chat", description: "Talk"), Intent(id: "shared", examples: ["how many tokens"]),
            ])
    }

    @Test func aFileMayHaveNoIntents() throws {
        #expect(try parse("version: 1\nintents: []").intents.isEmpty)
    }

    private static let head = "version: 1\nintents:\n  - id: one\n"
    private static let long = String(repeating: "x", count: 2001)

    @Test(arguments: [
        ("", PolicyFileError.Code.invalidYAML, "i.yaml: the file holds no YAML document"),
        ("- 1", .wrongType, "i.yaml:1:1: expected a mapping, found a list"),
        ("intents: []", .missingKey, "i.yaml:1:1: the key `version` is missing"),
        ("version: 2\nintents: []", .invalidValue, "i.yaml:1:10: `version` is not 1"),
        ("version: 1", .missingKey, "i.yaml:1:1: the key `intents` is missing"),
        ("version: 1\nintent: []", .unknownKey, "i.yaml:2:1: unknown key `intent`; did you mean `intents`?"),
        (
            "version: 1\nzzzzzzz: 1", .unknownKey,
            "i.yaml:2:1: unknown key `zzzzzzz`; known keys: version, description, intents"
        ),
        (
            "version: 1\ndescription: 1\nintents: []", .wrongType,
            "i.yaml:2:14: expected text, found a number; put it in quotes"
        ),
        ("version: 1\nintents: {}", .wrongType, "i.yaml:2:10: expected a list, found a mapping"),
        ("version: 1\nintents: [x]", .wrongType, "i.yaml:2:11: expected a mapping, found text"),
        ("version: 1\nintents: [{tool: t}]", .missingKey, "i.yaml:2:11: the key `id` is missing"),
        ("version: 1\nintents: [{id: ''}]", .invalidValue, "i.yaml:2:16: the text is empty"),
        ("version: 1\nintents: [{id: 7}]", .wrongType, "i.yaml:2:16: expected text, found a number; put it in quotes"),
        ("version: 1\nintents: [", .invalidYAML, "i.yaml:3:1: did not find expected node content"),
        (head + "    example: [a]", .unknownKey, "i.yaml:4:5: unknown key `example`; did you mean `examples`?"),
        (head + "    id: two", .duplicateKey, "i.yaml:3:5: the key `id` comes twice"),
        (head + "    tool: ''", .invalidValue, "i.yaml:4:11: the text is empty"),
        (head + "    tool: [a]", .wrongType, "i.yaml:4:11: expected text, found a list"),
        (head + "    params: [1]", .wrongType, "i.yaml:4:13: expected a mapping, found a list"),
        (head + "    examples: a", .wrongType, "i.yaml:4:15: expected a list, found text"),
        (
            head + "    examples:\n      - a\n      - 42", .wrongType,
            "i.yaml:6:9: expected text, found a number; put it in quotes"
        ),
        (
            head + "    examples: [a, true]", .wrongType,
            "i.yaml:4:19: expected text, found true or false; put it in quotes"
        ),
        (head + "    min_confidence: high", .wrongType, "i.yaml:4:21: expected a number from 0 to 1, found text"),
        (head + "    min_confidence: 1.01", .invalidValue, "i.yaml:4:21: `min_confidence` is not between 0 and 1"),
        (head + "    min_gap: -0.1", .invalidValue, "i.yaml:4:14: `min_gap` is not between 0 and 1"),
        (head + "    enabled: yes", .wrongType, "i.yaml:4:14: expected true or false, found text"),
        (
            head, .invalidValue,
            "i.yaml:3:5: intent `one`: there are neither examples nor a description to know it by"
        ),
        (
            head + "    examples: []\n    description: ' '", .invalidValue,
            "i.yaml:3:5: intent `one`: there are neither examples nor a description to know it by"
        ),
        (
            head + "    examples:\n      - a\n      - ' '", .invalidValue,
            "i.yaml:6:9: intent `one`: an example is empty"
        ),
        (
            head + "    examples: [a, \(long)]", .invalidValue,
            "i.yaml:4:19: intent `one`: an example has more than 2000 characters"
        ),
        (
            head + "    description: \(long)", .invalidValue,
            "i.yaml:3:5: intent `one`: the description has more than 2000 characters"
        ),
        (
            head + "    examples: [a]\n    params: {a: 1}", .invalidValue,
            "i.yaml:3:5: intent `one`: there are params, but no tool that takes them"
        ),
        (
            head + "    examples: [a]\n    tool: t\n    params: {message_key: 1}", .invalidValue,
            "i.yaml:3:5: intent `one`: params.message_key is not the name of an argument"
        ),
        (
            head + "    examples: [a]\n  - id: two\n    description: d\n  - id: one\n    examples: [b]", .invalidValue,
            "i.yaml:7:5: intent `one`: an earlier intent has this id"
        ),
    ])
    func aFaultIsNamedWithItsPlace(text: String, code: PolicyFileError.Code, message: String) throws {
        let error = try refusal(of: text)
        #expect(error.code == code)
        #expect(error.message == message)
    }

    @Test func intentsAndExamplesAreCounted() throws {
        func intents(_ count: Int) -> String {
            "version: 1\nintents:\n" + (0..<count).map { "  - {id: i\($0), description: d}\n" }.joined()
        }
        #expect(try parse(intents(2000)).intents.count == 2000)
        let many = try refusal(of: intents(2001))
        #expect(many.code == .tooComplex)
        #expect(many.message == "i.yaml:2003:5: there are more than 2000 intents")

        func examples(_ count: Int) -> String {
            Self.head + "    examples:\n" + (0..<count).map { "      - e\($0)\n" }.joined()
        }
        #expect(try parse(examples(1000)).intents[0].examples.count == 1000)
        let more = try refusal(of: examples(1001))
        #expect(more.code == .tooComplex)
        #expect(more.message == "i.yaml:1005:9: the intent has more than 1000 examples")
    }

    @Test func thereIsRoomForMoreThanInOtherFiles() throws {
        let example = String(repeating: "long ", count: 8)
        var text = "version: 1\nintents:\n"
        for intent in 0..<25 {
            text += "  - id: i\(intent)\n    examples:\n"
            for number in 0..<900 { text += "      - \(example)\(number)\n" }
        }
        #expect(text.utf8.count > PolicyFileLimits.maximumBytes)
        #expect(try parse(text).intents.allSatisfy { $0.examples.count == 900 })
    }

    @Test func nodesAreCountedBeforeAndAfterTheParser() throws {
        func list(_ count: Int) -> String {
            "version: 1\nintents: [" + Array(repeating: "a", count: count).joined(separator: ",") + "]"
        }
        let many = try refusal(of: list(200_000))
        #expect(many.code == .tooComplex)
        #expect(many.message.hasSuffix(": more than 200000 nodes"))
        let more = try refusal(of: list(1_600_000))
        #expect(more.code == .tooComplex)
        #expect(more.message == "i.yaml: far more than 200000 nodes")
    }

    // MARK: Files

    @Test(arguments: ["i.yaml", "i.yml", "I.YAML"])
    func aFileIsLoadedWithTheHashOfItsBytes(name: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(name, "version: 1\nintents: []\n")
        let loaded = try IntentFile.load(path)
        #expect(loaded.value.intents.isEmpty)
        #expect(loaded.policyHash == "587e3cc52e0e5973d3876a07d321121b95840cb2683ee629cfa8f2ebd281a913")
    }

    @Test(arguments: ["i.json", "i.txt", "intents", "yaml", "i.yaml.bak"])
    func otherEndingsAreRefused(name: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(name, "version: 1\nintents: []\n")
        for error in [
            try #require(throws: PolicyFileError.self) { try IntentFile.load(path) },
            try #require(throws: PolicyFileError.self) { try IntentFile.parse([], file: name) },
        ] {
            #expect(error.code == .unreadableFile)
            #expect(error.message == "\(name): the name of a file of intents ends in .yaml, .yml or .jsonl")
        }
    }

    @Test(arguments: ["none.yaml", "none.jsonl"])
    func noFileIsNoIntentsAndAProblem(name: String) throws {
        let directory = try TemporaryDirectory()
        let (loaded, problem) = try IntentFile.loadOrEmpty(directory.path(name))
        #expect(loaded.value.intents.isEmpty)
        #expect(loaded.policyHash == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(problem?.code == .missingFile)
        #expect(problem?.message == "\(name): there is no such file; no intent is known")
        let error = try #require(throws: PolicyFileError.self) { try IntentFile.load(directory.path(name)) }
        #expect(error.code == .missingFile)
    }

    @Test func aFileOverTheLimitIsNotRead() throws {
        let directory = try TemporaryDirectory()
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: PolicyFileSize.intents.bytes + 1)
        for name in ["big.yaml", "big.jsonl"] {
            let path = try directory.write(name, bytes: bytes)
            for error in [
                try #require(throws: PolicyFileError.self) { try IntentFile.load(path) },
                try #require(throws: PolicyFileError.self) { try IntentFile.parse(bytes, file: name) },
            ] {
                #expect(error.code == .tooLarge)
                #expect(error.message == "\(name): larger than 16777216 bytes")
            }
        }
    }
}

/// Real files of intents that change.
struct IntentFileWatchTests {
    private final class Events: Sendable {
        private let events = Mutex<[WatchEvent]>([])
        func add(_ event: WatchEvent) { events.withLock { $0.append(event) } }
        var all: [WatchEvent] { events.withLock { $0 } }
    }

    private let directory: TemporaryDirectory
    private let events = Events()

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func watch(_ name: String) throws -> Watched<IntentCatalog> {
        try IntentFile.watch(
            directory.path(name), every: .seconds(1), clock: ContinuousClock(), onEvent: events.add)
    }

    private func yaml(_ id: String) -> String { "version: 1\nintents: [{id: \(id), examples: [x]}]\n" }

    @Test func aBrokenFileThrowsAtTheStart() throws {
        try directory.write("i.yaml", "version: 1\nintents: [{id: a}]")
        let error = try #require(throws: PolicyFileError.self) { try watch("i.yaml") }
        #expect(
            error.message
                == "i.yaml:2:11: intent `a`: there are neither examples nor a description to know it by")
    }

    @Test func aMissingFileIsNoIntentsUntilItIsThere() throws {
        let watched = try watch("i.yaml")
        #expect(watched.current.value.intents.isEmpty)
        #expect(watched.problem?.message == "i.yaml: there is no such file; no intent is known")
        try directory.write("i.yaml", yaml("a"))
        watched.poll()
        #expect(watched.current.value.intents.map(\.id) == ["a"])
        #expect(watched.problem == nil)
        #expect(events.all == [.reloaded(policyHash: watched.current.policyHash)])
    }

    @Test func aBrokenChangeLeavesTheLastGoodIntents() throws {
        try directory.write("i.yaml", yaml("a"))
        let watched = try watch("i.yaml")
        let hash = watched.current.policyHash
        watched.poll()
        try directory.write("i.yaml", "version: 1\nintents: [{id: b, examples: 1}]")
        watched.poll()
        #expect(watched.current.value.intents.map(\.id) == ["a"])
        #expect(watched.current.policyHash == hash)
        #expect(watched.problem?.message == "i.yaml:2:29: expected a list, found a number")
        try directory.write("i.yaml", yaml("c"))
        watched.poll()
        #expect(watched.current.value.intents.map(\.id) == ["c"])
        #expect(watched.problem == nil)
        #expect(events.all.count == 2)
    }

    @Test func linesAreWatchedToo() throws {
        try directory.write("i.jsonl", #"{"text": "x", "intent": "a"}"#)
        let watched = try watch("i.jsonl")
        watched.poll()
        try directory.write("i.jsonl", #"{"text": "x", "intent": "b"}"# + "\n" + #"{"text": "y", "intent": "b"}"#)
        watched.poll()
        #expect(watched.current.value.intents == [Intent(id: "b", examples: ["x", "y"])])
    }
}
