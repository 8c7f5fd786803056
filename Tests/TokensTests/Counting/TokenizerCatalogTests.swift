import OrchCore
import OrchTokens
import Synchronization
import Testing

/// Vocabularies of single bytes, by name, and which of them were asked for.
private final class Shelf: Sendable {
    private let asked = Mutex<[String]>([])
    let broken: Set<String>

    init(broken: Set<String> = []) {
        self.broken = broken
    }

    var loads: [String] { asked.withLock { $0 } }

    func load(_ name: String) throws(TokenizerError) -> TokenizerCatalog.Vocabulary {
        asked.withLock { $0.append(name) }
        if broken.contains(name) { throw TokenizerError(.invalidVocabulary, "it is torn") }
        let lines = (0..<256).map { "\(Base64.encode([UInt8($0)])) \($0)\n" }
        return TokenizerCatalog.Vocabulary(
            try RankFile.tokenizer(named: "cl100k_base", bytes: Array(lines.joined().utf8)),
            template: name == "managed" ? .llama3 : nil)
    }
}

@Suite struct TokenizerCatalogTests {
    private static let table = TokenizerTable(rows: [
        .init(models: ["gpt-4o-mini*"], tokenizer: "o200k_base", images: ImagePrice(low: 1, high: 2)),
        .init(models: ["gpt-4o*", "*/gpt-4o*"], tokenizer: "o200k_base"),
        .init(models: ["qwen*"], tokenizer: "absent", template: .chatML),
        .init(models: ["plain"], tokenizer: nil, template: .chatML),
        .init(models: ["torn"], tokenizer: "torn"),
    ])

    private static func catalog(
        _ shelf: Shelf, standard: String = "cl100k_base",
        installed: Set<String> = ["cl100k_base", "o200k_base", "managed", "torn", "unused"]
    ) -> TokenizerCatalog {
        TokenizerCatalog(
            table: table, standard: standard, local: .init(model: "Mine", tokenizer: "managed"),
            installed: installed, fallback: ByteFallbackCounter(margin: 1)
        ) { (name) throws(TokenizerError) in try shelf.load(name) }
    }

    @Test func `a model's row says what counts, the first that matches`() {
        let shelf = Shelf()
        let catalog = Self.catalog(shelf)
        let mini = catalog.counter(for: "GPT-4o-mini-2024")
        #expect(!mini.isFallback && mini.images == ImagePrice(low: 1, high: 2))
        #expect(catalog.counter(for: "openai/gpt-4o").images == .standard)
        #expect(shelf.loads == ["o200k_base"], "read once for all models that it counts for")
        #expect(catalog.counter(for: "plain").template == .chatML)
        #expect(shelf.loads == ["o200k_base", "cl100k_base"])
    }

    @Test func `the managed model counts by its own file, whatever the table says of its name`() {
        let shelf = Shelf()
        let counter = Self.catalog(shelf).counter(for: "Mine")
        #expect(shelf.loads == ["managed"] && counter.template == .llama3)
    }

    @Test func `a name that nothing knows is counted by the standard one, or by itself where it is a vocabulary`() {
        let shelf = Shelf()
        let catalog = Self.catalog(shelf)
        #expect(catalog.counter(for: "whatever").template == .openAI)
        #expect(shelf.loads == ["cl100k_base"])
        _ = catalog.counter(for: "unused")
        #expect(shelf.loads == ["cl100k_base", "unused"])
    }

    @Test(arguments: ["../../etc/passwd", "/dev/zero", "", "absent", "unused/../unused", "unused\0", ".", "*"])
    func `no name leads to what is not installed`(_ name: String) {
        let shelf = Shelf()
        let catalog = Self.catalog(shelf)
        _ = catalog.counter(for: name)
        #expect(throws: TokenizerError.self) { try catalog.vocabulary(named: name) }
        #expect(Set(shelf.loads).isSubset(of: ["cl100k_base"]))
    }

    @Test func `where a vocabulary is missing or torn, bytes are counted`() {
        let shelf = Shelf(broken: ["torn"])
        let catalog = Self.catalog(shelf)
        for model in ["qwen2.5", "torn", "torn"] {
            let counter = catalog.counter(for: model)
            #expect(counter.isFallback && counter.name == "bytes" && counter.template == .largest)
        }
        #expect(shelf.loads == ["torn"], "what is torn is read once")
        #expect(Self.catalog(Shelf(), installed: []).counter(for: "gpt-4o-mini").images == ImagePrice(low: 1, high: 2))
    }

    @Test func `all that is installed is read ahead, and what is wrong is told of what somebody counts by`() {
        let shelf = Shelf(broken: ["torn", "unused"])
        let catalog = Self.catalog(shelf)
        let problems = catalog.preload()
        #expect(problems.map(\.name) == ["torn"] && problems.map(\.error.message) == ["it is torn"])
        #expect(shelf.loads == ["cl100k_base", "managed", "o200k_base", "torn", "unused"])
        #expect(shelf.loads.count == 5)
    }

    @Test func `the error names what there is`() throws {
        let error = #expect(throws: TokenizerError.self) { try Self.catalog(Shelf()).vocabulary(named: "absent") }
        #expect(error?.codeName == "unknown_vocabulary")
        #expect(
            error?.message
                == "no such vocabulary is installed; there are cl100k_base, managed, o200k_base, torn, unused")
    }

    @Test func `as many names as callers like do not fill the memory`() {
        let catalog = Self.catalog(Shelf())
        for number in 0..<2000 { #expect(catalog.counter(for: "model\(number)").name == "cl100k_base") }
    }

    @Test(arguments: [
        ("gpt-4o", "gpt-4o", true), ("GPT-4O", "gpt-4o", true), ("gpt-4o", "GPT-*", true), ("gpt-4o", "*", true),
        ("", "*", true), ("", "", true), ("a", "", false), ("abc", "a*c", true), ("ac", "a*c", true),
        ("abcb", "a*c", false), ("aXbXc", "a*b*c", true), ("aXbX", "a*b*c", false), ("ÄB", "äb", false),
        ("a.c", "a?c", false), (String(repeating: "a", count: 200) + "b", "*a*a*a*a*a*c", false),
    ])
    func `patterns of names know asterisks and the case of ASCII`(_ name: String, _ pattern: String, _ matches: Bool) {
        let table = TokenizerTable(rows: [.init(models: [pattern], tokenizer: "x")])
        #expect((table.row(for: name) != nil) == matches)
    }
}

@Suite struct TokenCounterTests {
    @Test(arguments: [1.0, 1.1, 0.5, 3])
    func `the layout of a text has as many tokens as it counts, and ends with it`(_ margin: Double) {
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: margin))
        for text in ["", "a", "hello, world", "naïve 用户 👩‍👩‍👧", "\u{958}\u{958}", String(repeating: "é", count: 300)] {
            let layout = counter.layout(of: text)
            #expect(layout.ends.count == counter.tokens(of: text))
            #expect(layout.text == text)
            #expect(layout.ends.last ?? 0 == text.utf8.count)
            #expect(zip(layout.ends, layout.ends.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test func `without a vocabulary the longer of a text and its NFC form counts`() {
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        // U+0958 composes to nothing: its NFC form is U+0915 U+093C.
        #expect(counter.tokens(of: "\u{958}") == 6)
        #expect(counter.tokens(of: "e\u{301}") == 3)
        #expect(counter.tokens(of: "é") == 2)
    }

    @Test func `a template in Jinja is known by its control tokens`() {
        #expect(ChatTemplate(jinja: "{{'<|im_start|>' + message['role']}}") == .chatML)
        #expect(ChatTemplate(jinja: "<|start_header_id|>") == .llama3)
        #expect(ChatTemplate(jinja: "[INST]") == nil)
    }
}
