import OrchPolicyFiles
import OrchTokens
import Testing

struct TokenizerTableFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> TokenizerTable {
        try TokenizerTableFile.parse(Array(text.utf8), file: "tokenizers.yaml")
    }

    @Test func everyKeyIsRead() throws {
        let table = try parse(
            """
            version: 1
            tokenizers:
              - models: [alpha*, 'ft:alpha']
                tokenizer: alpha.Q4_1
                template: {per_message: 2, per_name: 0, per_conversation: 7}
                default_system: "You are A."
                images: {low: 10, high: 200}
              - models: [beta]
                template: llama3
              - models: [gamma]
                template: chatml
              - models: [delta]
                default_system: D
            """)
        #expect(
            table.rows == [
                TokenizerTable.Row(
                    models: ["alpha*", "ft:alpha"], tokenizer: "alpha.Q4_1",
                    template: ChatTemplate(perMessage: 2, perName: 0, perConversation: 7, defaultSystem: "You are A."),
                    images: ImagePrice(low: 10, high: 200)),
                TokenizerTable.Row(models: ["beta"], tokenizer: nil, template: .llama3),
                TokenizerTable.Row(models: ["gamma"], tokenizer: nil, template: .chatML),
                TokenizerTable.Row(
                    models: ["delta"], tokenizer: nil,
                    template: ChatTemplate(perMessage: 3, perName: 1, perConversation: 3, defaultSystem: "D")),
            ])
    }

    private static let row = "version: 1\ntokenizers:\n  - models: [m]\n"

    @Test(arguments: [
        ("- 1", PolicyFileError.Code.wrongType, 1, 1, "expected a mapping, found a list"),
        ("tokenizers: []", .missingKey, 1, 1, "`version` is missing"),
        ("version: 2\ntokenizers: []", .invalidValue, 1, 10, "`version` is not 1"),
        ("version: 1", .missingKey, 1, 1, "`tokenizers` is missing"),
        ("version: 1\ntokenizer: []", .unknownKey, 2, 1, "did you mean `tokenizers`?"),
        ("version: 1\ntokenizers: {}", .wrongType, 2, 13, "expected a list, found a mapping"),
        ("version: 1\ntokenizers: [x]", .wrongType, 2, 14, "expected a mapping, found text"),
        ("version: 1\ntokenizers: [{tokenizer: t}]", .missingKey, 2, 14, "`models` is missing"),
        ("version: 1\ntokenizers: [{models: m}]", .wrongType, 2, 23, "expected a list, found text"),
        ("version: 1\ntokenizers: [{models: []}]", .invalidValue, 2, 23, "a list of 1 to 100 names"),
        ("version: 1\ntokenizers: [{models: ['']}]", .invalidValue, 2, 24, "the text is empty"),
        ("version: 1\ntokenizers: [{models: [3]}]", .wrongType, 2, 24, "put it in quotes"),
        ("version: 1\ntokenizers: [{models: [a, A]}]", .invalidValue, 2, 27, "the name `A` comes twice"),
        (row + "  - models: [x, m]", .invalidValue, 4, 17, "the name `m` comes twice"),
        (row + "    model: x", .unknownKey, 4, 5, "did you mean `models`?"),
        (row + "    models: [x]", .duplicateKey, 3, 5, "`models` comes twice"),
        (row + "    tokenizer: ''", .invalidValue, 4, 16, "the text is empty"),
        (row + "    tokenizer: 7", .wrongType, 4, 16, "expected text"),
        (row + "    tokenizer: ../x", .invalidValue, 4, 16, "without its folder and ending"),
        (row + "    tokenizer: x.gguf", .invalidValue, 4, 16, "without its folder and ending"),
        (row + "    template: chatlm", .invalidValue, 4, 15, "did you mean `chatml`?"),
        (row + "    template: mistral", .invalidValue, 4, 15, "known templates: chatml, llama3, openai"),
        (row + "    template: 3", .wrongType, 4, 15, "expected a template's name or a mapping, found a number"),
        (row + "    template: [openai]", .wrongType, 4, 15, "found a list"),
        (row + "    template: {per_message: 1, per_name: 1}", .missingKey, 4, 15, "`per_conversation` is missing"),
        (row + "    template: {per_mesage: 1}", .unknownKey, 4, 16, "did you mean `per_message`?"),
        (row + "    template: {per_message: -1}", .invalidValue, 4, 29, "`per_message` is less than 0"),
        (row + "    template: {per_message: 1001}", .invalidValue, 4, 29, "`per_message` must be 0 to 1000"),
        (row + "    template: {per_message: 1.5}", .wrongType, 4, 29, "expected a whole number"),
        (row + "    default_system: ' '", .invalidValue, 4, 21, "the text is empty"),
        (row + "    images: 85", .wrongType, 4, 13, "expected a mapping"),
        (row + "    images: {low: 1}", .missingKey, 4, 13, "`high` is missing"),
        (row + "    images: {low: 2, high: 1}", .invalidValue, 4, 13, "`low` is more than `high`"),
        (row + "    images: {low: 1, high: 1000001}", .invalidValue, 4, 28, "`high` must be 0 to 1000000"),
    ])
    func aFaultIsNamedWithItsPlace(
        text: String, code: PolicyFileError.Code, line: Int, column: Int, reason: String
    ) throws {
        let error = try #require(throws: PolicyFileError.self) { try parse(text) }
        #expect(error.code == code)
        #expect(error.line == line && error.column == column, "\(error)")
        #expect(error.message.contains(reason), "\(error)")
        #expect(error.message.hasPrefix("tokenizers.yaml:\(line):\(column): "))
    }

    @Test func rowsAndNamesAreBounded() throws {
        func rows(_ count: Int) -> String {
            "version: 1\ntokenizers:\n" + (0..<count).map { "  - {models: [m\($0)]}\n" }.joined()
        }
        func names(_ count: Int) -> String {
            let names = (0..<count).map { "m\($0)" }.joined(separator: ", ")
            return "version: 1\ntokenizers:\n  - models: [\(names)]\n"
        }
        #expect(try parse(rows(500)).rows.count == 500)
        #expect(try #require(throws: PolicyFileError.self) { try parse(rows(501)) }.code == .tooComplex)
        #expect(try parse(names(100)).rows[0].models.count == 100)
        let many = try #require(throws: PolicyFileError.self) { try parse(names(101)) }
        #expect(many.message == "tokenizers.yaml:3:13: `models` must be a list of 1 to 100 names")
        let long = String(repeating: "n", count: 200)
        #expect(try parse("version: 1\ntokenizers: [{models: [\(long)]}]").rows[0].models == [long])
        let longer = try #require(throws: PolicyFileError.self) {
            try parse("version: 1\ntokenizers: [{models: [\(long)n]}]")
        }
        #expect(longer.message == "tokenizers.yaml:2:24: the name is longer than 200 bytes")
    }

    @Test func noFileIsATableWithoutRows() throws {
        let directory = try TemporaryDirectory()
        let loaded = try TokenizerTableFile.loadOrEmpty(directory.path("none.yaml"))
        #expect(loaded.value == TokenizerTable())
        #expect(loaded.policyHash == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let error = try #require(throws: PolicyFileError.self) {
            try TokenizerTableFile.load(directory.path("none.yaml"))
        }
        #expect(error.code == .missingFile)
    }

    @Test func aBrokenFileIsNoEmptyTable() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("t.yaml", "version: [")
        #expect(throws: PolicyFileError.self) { try TokenizerTableFile.loadOrEmpty(path) }
    }

    @Test func aFileIsLoadedWithTheHashOfItsBytes() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("t.yaml", "version: 1\ntokenizers: []\n")
        let loaded = try TokenizerTableFile.load(path)
        #expect(loaded.value == TokenizerTable())
        #expect(loaded.policyHash == "91e4ebb01b96e7a56a6b4d16fc14a65d63ffaabe8deca086b8bf20b0a1e828d4")
    }
}

/// What `config/tokenizers.yaml` says of models that are well known.
struct ShippedTokenizerTests {
    private static let shared = Result { try TokenizerTableFile.load("\(ShippedFiles.config)/tokenizers.yaml").value }

    private func row(_ model: String) throws -> TokenizerTable.Row? {
        try Self.shared.get().row(for: model)
    }

    @Test(arguments: [
        "gpt-5", "gpt-5-2025-08-07", "gpt-5-chat-latest", "gpt-5-mini", "gpt-5-nano-2025-08-07", "gpt-5.1",
        "gpt-5.2-codex", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano-2025-04-14", "gpt-4.5-preview", "gpt-4o",
        "gpt-4o-2024-08-06", "gpt-4o-mini", "GPT-4o-Mini", "gpt-4o-audio-preview", "chatgpt-4o-latest", "o1",
        "o1-preview", "o1-mini", "o3", "o3-mini", "o3-pro", "o4-mini", "codex-mini-latest", "openai/gpt-4o",
        "openai/gpt-4.1-mini", "openai/o3", "ft:gpt-4o-2024-08-06:acme::1", "ft:gpt-4o-mini-2024-07-18:acme::1",
        "ft:gpt-4.1-2025-04-14:acme::1",
    ])
    func isOfO200k(model: String) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "o200k_base")
        #expect(row.template == nil)
    }

    @Test(arguments: [
        "gpt-4", "gpt-4-0613", "gpt-4-32k", "gpt-4-turbo", "gpt-4-turbo-2024-04-09", "gpt-4-vision-preview",
        "gpt-3.5-turbo", "gpt-3.5-turbo-0125", "gpt-35-turbo", "text-embedding-3-small", "text-embedding-3-large",
        "text-embedding-ada-002", "openai/gpt-4-turbo", "openai/gpt-3.5-turbo", "ft:gpt-3.5-turbo-0125:acme::1",
        "ft:gpt-4-0613:acme::1", "openai/text-embedding-3-small",
    ])
    func isOfCl100k(model: String) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "cl100k_base")
        #expect(row.template == nil)
        #expect(row.images == .standard)
    }

    @Test(arguments: [
        ("gpt-4o", 85, 1445), ("gpt-4.1", 85, 1445), ("chatgpt-4o-latest", 85, 1445),
        ("gpt-4o-mini", 85, 1445), ("ft:gpt-4o-mini-2024-07-18:acme::1", 85, 1445),
        ("gpt-4.1-mini", 2489, 2489), ("gpt-4.1-nano", 3779, 3779), ("gpt-5-mini", 2489, 2489),
        ("gpt-5-nano", 3779, 3779), ("o4-mini", 2642, 2642), ("gpt-5", 70, 70 + 8 * 140), ("o1", 75, 75 + 8 * 150),
        ("o3", 75, 1275),
    ])
    func imagesCostWhatIsPublished(model: String, low: Int, high: Int) throws {
        #expect(try row(model)?.images == ImagePrice(low: low, high: high))
    }

    @Test(arguments: [
        "llama-3.1-8b-instant", "llama3.1:8b", "llama3.2", "llama-3.3-70b-versatile",
        "meta-llama/Llama-3.2-3B-Instruct",
        "meta-llama/Meta-Llama-3.1-8B-Instruct", "meta.llama3-1-70b-instruct-v1:0",
        "accounts/fireworks/models/llama-v3p1-8b-instruct",
    ])
    func laterLlamasHaveTheirDatesCounted(model: String) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "llama-3")
        #expect(row.template == ChatTemplate(perMessage: 4, perName: 1, perConversation: 30))
    }

    @Test(arguments: ["llama3", "llama3:8b", "meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-70b"])
    func theFirstLlamaOfTheThirdGenerationHasNone(model: String) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "llama-3")
        #expect(row.template == .llama3)
    }

    @Test(arguments: [
        ("qwen2:7b", "You are a helpful assistant."), ("Qwen/Qwen2-7B-Instruct", "You are a helpful assistant."),
        ("qwen2.5:0.5b", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."),
        (
            "Qwen/Qwen2.5-Coder-7B-Instruct", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
        ),
        (
            "qwen/qwen-2.5-72b-instruct", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
        ),
        ("qwen3:8b", nil), ("Qwen/Qwen3-8B", nil), ("qwen3", nil), ("qwen/qwen3", nil),
    ])
    func qwensDifferInWhatTheyFillIn(model: String, system: String?) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "qwen2")
        var template = ChatTemplate.chatML
        template.defaultSystem = system
        #expect(row.template == template)
    }

    @Test(arguments: ["SmolLM2-135M-Instruct", "smollm2:135m", "HuggingFaceTB/SmolLM2-1.7B-Instruct"])
    func smolLM2HasTheLocalModelsVocabulary(model: String) throws {
        let row = try #require(try row(model))
        #expect(row.tokenizer == "SmolLM2-135M-Instruct.Q4_1")
        var template = ChatTemplate.chatML
        template.perConversation = 4
        template.defaultSystem = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
        #expect(row.template == template)
    }

    @Test(arguments: ["local-small", "mistral-7b", "claude-3", "qwen3.5:9b", "llama2", "", "xgpt-4o"])
    func othersAreCountedByTheStandard(model: String) throws {
        #expect(try row(model) == nil)
    }

    @Test func everyNameIsReached() throws {
        let table = try Self.shared.get()
        for row in table.rows {
            for name in row.models { #expect(table.row(for: name) == row, "\(name) is behind a row that covers it") }
        }
    }
}
