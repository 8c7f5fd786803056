import OrchCore
import OrchPolicy
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import OrchTools
import Testing

/// What `config/intents.yaml` holds.
struct ShippedIntentTests {
    static let shared = Result { try IntentFile.load("\(ShippedFiles.config)/intents.yaml").value }

    private let catalog: IntentCatalog

    init() throws {
        catalog = try Self.shared.get()
    }

    @Test func theseIntentsAreShipped() {
        #expect(
            catalog.intents.map(\.id) == [
                "summarize", "repeat_text", "count_tokens", "run_python", "search_the_web", "small_talk", "translate",
                "write_or_edit_text", "explain_topic", "programming_help", "about_this_server",
            ])
    }

    @Test func eachHasADescriptionAndExamplesThatDiffer() {
        for intent in catalog.intents {
            #expect(!intent.description.isEmpty)
            #expect((12...20).contains(intent.examples.count), "\(intent.id)")
            #expect(Set(intent.examples.map { $0.lowercased() }).count == intent.examples.count, "\(intent.id)")
        }
    }

    @Test func noExampleSpeaksForTwoIntents() {
        let examples = catalog.intents.flatMap(\.examples).map { $0.lowercased() }
        #expect(Set(examples).count == examples.count)
    }

    /// What the tools of the program are called, and the arguments that they want.
    private static let arguments: [String: JSONObject] = [
        "summarize": ["text": "Some Text"], "repeat_text": ["message": "Some Text"],
        "count_tokens": ["action": "count", "text": "Some Text"], "run_python": ["code": "Some Text"],
        "search_the_web": ["query": "Some Text"],
    ]

    @Test func eachToolGetsTheArgumentsThatItWants() throws {
        for intent in catalog.intents {
            #expect(catalog.arguments(of: intent.id, for: "Some Text") == Self.arguments[intent.id], "\(intent.id)")
        }
        let tools = catalog.intents.compactMap(\.tool)
        #expect(tools == ["summarize_text", "echo", "orch_tokenizer", "python_exec", "web_search"])
        let schema = try ArgumentSchema(Tool.echo.parameters, patterns: RE2Compiler())
        let arguments = try #require(catalog.arguments(of: "repeat_text", for: "Some Text"))
        #expect(schema.violation(in: .object(arguments)) == nil)
    }

    @Test(arguments: ["tool_policy.yaml", "golden_policy.yaml"])
    func thePolicyHasAWordOnEveryTool(file: String) throws {
        let policy = try ToolPolicyFile.load(
            "\(ShippedFiles.config)/\(file)", isEnforced: true, compiler: RE2Compiler())
        let engine = try #require(policy.value)
        for intent in catalog.intents {
            guard let tool = intent.tool else { continue }
            let verdict = engine.decide(
                PolicyCall(tool: tool, isSafe: true, caller: "c", input: .unknown, at: Timestamp(microseconds: 0)))
            #expect(verdict.rule != "everything-else", "\(tool)")
            #expect(verdict.isAllowed == (tool != "python_exec"), "\(tool)")
        }
    }

    @Test func noRuleOrDenyExpressionTakesAnExampleAway() throws {
        let router = try ShippedFiles.sharedRouter.get()
        let gate = try ShippedGolden.gate()
        for example in catalog.intents.flatMap(\.examples) {
            #expect(router.decide(example) == .noMatch, "\(example)")
            #expect(gate.denying(example) == nil && gate.allowing(example) == nil, "\(example)")
        }
    }
}
