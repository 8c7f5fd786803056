import OrchAgents
import OrchCore
import OrchEgress
import OrchModelClients
import OrchOrchestrator
import OrchProviders
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools
import Synchronization

/// A chat pipeline as the program puts it together, but for the socket to the model server and the disk.
struct Path {
    static let tokens = 64

    let chat = Sample.body(messages: 2, wordsPerMessage: 60)
    let stream = Sample.body(messages: 2, wordsPerMessage: 60, more: ["stream": true])
    let calculation = Array(#"{"messages":[{"role":"user","content":"calculate 12.5 * (3 + 4)"}]}"#.utf8)
    private let pipeline: ChatPipeline

    init(router: RuleRouter) throws {
        let provider = OpenAIClient(http: ConstantHTTP()) { () throws(ProviderError) in
            (Endpoint(host: "127.0.0.1", port: 1), basePath: "/v1", apiKey: nil)
        }
        let model = "bench-model"
        let policies = Policies(
            router: router, agents: AgentCatalog(),
            tools: .always(ToolPolicyDecision(allowed: true, reason: "policy_disabled")), pins: Pins(Sample.pins))
        let recorder = Recorder(log: CountingLog(), now: { Sample.moment })
        pipeline = ChatPipeline(
            settings: ChatPipeline.Settings(mode: .advanced, maximumOutputCharacters: 0, asksOtherMachines: false),
            policies: { policies },
            models: .available(
                ModelGateway(
                    provider: provider, policy: ModelGateway.Policy(backoff: .zero, timeout: .seconds(30)),
                    breakers: CircuitBreakers(maximumFailures: 100, resetAfter: .seconds(1)))),
            directory: ModelDirectory(
                provider: provider, configured: [model], aliases: [:], agents: { AgentCatalog() }),
            selector: ModelSelector(
                ModelSelector.Thresholds(
                    chatModel: model, reasonerModel: model, toolModel: model, chatTier1: 1 << 20,
                    reasonerTier1: 1 << 21, tier3: 1 << 22)),
            catalog: try Vocabularies.catalog(), budget: TokenBudget(maximumTokens: 16384),
            tools: ToolRunner(
                tools: ToolExecutor(registry: try ToolRegistry([.echo, .safeCalc], patterns: RE2Compiler())),
                approvals: .nobody, recorder: recorder, observe: { _ in }),
            recorder: recorder, now: { Sample.moment }, observe: { _ in })
    }

    /// Bytes of the answer.
    func answer(_ body: [UInt8]) async throws -> Int {
        switch try await pipeline.answer(body, caller: Caller(name: "bench", isOperator: false)) {
        case .whole(let bytes, _):
            return bytes.count
        case .stream(let stream):
            var count = 0
            try await stream.send { count += $0.count }
            return count
        }
    }
}

/// Takes receipts without keeping them.
private struct CountingLog: ReceiptLog {
    var isHealthy: Bool { true }

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        entry.leaf.map { Receipt(traceID: entry.id, leafIndex: 7, leafHash: $0.hash, checkpoint: "a note") }
    }
}

/// Answers every request alike: whole, or in pieces of one token each.
private struct ConstantHTTP: OutboundHTTP {
    private static let completion = Array(
        #"""
        {"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"bench-model","choices":[{"index":
        0,"message":{"role":"assistant","content":"Measure first: how long it reads, and how long it computes."},
        "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":157,"completion_tokens":14,"total_tokens":171}}
        """#.utf8)
    private static let token = frame(#"{"content":"token "}"#, finish: "null")
    private static let end = frame("{}", finish: #""stop""#) + Array("data: [DONE]\n\n".utf8)

    private static func frame(_ delta: String, finish: String) -> [UInt8] {
        Array(
            (#"data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"bench-model","#
                + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}],"usage":null}"# + "\n\n").utf8)
    }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
        OutboundAnswer(head: OutboundHead(status: 200, contentType: "application/json"), body: Self.completion)
    }

    func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream {
        let pieces = Pieces(left: Path.tokens)
        return OutboundStream(
            head: OutboundHead(status: 200, contentType: "text/event-stream"),
            next: { () async throws(OutboundError) in pieces.next(Self.token, last: Self.end) }, cancel: {})
    }
}

/// What a stream has still to give.
private final class Pieces: Sendable {
    private let left: Mutex<Int>

    init(left: Int) {
        self.left = Mutex(left)
    }

    func next(_ token: [UInt8], last: [UInt8]) -> [UInt8]? {
        left.withLock { left in
            left -= 1
            return left > 0 ? token : left == 0 ? last : nil
        }
    }
}
