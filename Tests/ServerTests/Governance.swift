import OrchApprovals
import OrchCore
import OrchOrchestrator
import OrchPolicy
import OrchPolicyFiles
import OrchRE2
import OrchStorageSQLite
import OrchTestSupport
import OrchTools
import Synchronization
import Testing

@testable import OrchServer

/// What a server with an unsafe tool needs: a real database of approvals, a clock that tests move, and a count of runs.
final class Governance: Sendable {
    let folder: TemporaryFolder
    let store: SQLiteReviewStore
    private let runs = Mutex<[String]>([])
    /// What ran, in order.
    var ran: [String] { runs.withLock { $0 } }
    private let time = MovableClock(.distantPast)

    init(limits: ReviewLimits = ReviewLimits()) throws {
        folder = try TemporaryFolder()
        store = SQLiteReviewStore(
            try ReviewDatabase(path: folder.path("reviews.db")), limits: limits, now: time.now)
    }

    var path: String { folder.path("reviews.db") }
    var now: Now { time.now }
    func advance(by duration: Duration) { time.advance(by: duration) }

    func desk(
        isEnforced: Bool = true, queues: Bool = true, hasOperators: Bool = true
    ) -> ApprovalDesk {
        let cipher = PayloadCipher(secret: Redacted([UInt8](repeating: 1, count: 32)))
        let stores = ApprovalDesk.Stores(approvals: store, reviews: store, cipher: cipher)
        return ApprovalDesk(
            settings: ApprovalDesk.Settings(
                isEnforced: isEnforced, queues: queues, hasOperators: hasOperators, lifetime: .seconds(900),
                owner: Claim.Owner("server/test")),
            stores: { stores }, now: now, observe: { _ in })
    }

    /// Does what nobody may do without leave.
    var tool: Tool {
        Tool(
            name: "wipe", description: "Wipes.",
            parameters: [
                "type": "object", "properties": ["disk": ["type": "string", "maxLength": 20]], "required": ["disk"],
                "additionalProperties": false,
            ], safe: false
        ) { [self] arguments in
            let disk = arguments["disk"]?.stringValue ?? ""
            runs.withLock { $0.append(disk) }
            if disk == "bad" { throw ToolFailure.failed(code: "disk_error", message: "the disk is bad") }
            return ToolOutput("wiped \(disk)")
        }
    }

    func options(_ change: (inout TestServer.Options) throws -> Void = { _ in }) rethrows -> TestServer.Options {
        var options = TestServer.Options()
        options.tools = [tool]
        options.approvals = desk()
        try change(&options)
        return options
    }

    /// A policy as its file would have it.
    static func policy(_ yaml: String) throws -> ToolPolicyCheck {
        let engine = try ToolPolicyFile.parse(Array(yaml.utf8), file: "tool_policy.yaml", compiler: RE2Compiler())
        let counter = CallCounter()
        @Sendable func call(_ tool: Tool, _ arguments: JSONObject, _ caller: String) -> PolicyCall {
            PolicyCall(
                tool: tool.name, isSafe: tool.safe, caller: caller, input: .arguments(arguments), at: .distantPast)
        }
        @Sendable func decision(_ verdict: PolicyVerdict) -> ToolPolicyDecision {
            ToolPolicyDecision(allowed: verdict.isAllowed, reason: verdict.reason, rule: verdict.rule)
        }
        return ToolPolicyCheck(
            admit: { tool, arguments, made in
                let verdict = engine.decide(call(tool, arguments, made.caller), counting: counter)
                guard let ticket = verdict.ticket else { return (decision(verdict), nil) }
                return (decision(verdict), { counter.giveBack(ticket) })
            },
            outlook: { decision(engine.decide(call($0, [:], ""))) })
    }
}

extension RawRequest {
    func by(_ token: String?) -> RawRequest {
        var other = self
        other.token = token
        return other
    }

    static func wipe(_ disk: String = "one", approval: String? = nil) -> RawRequest {
        let token = approval.map { #","approval_token":"\#($0)""# } ?? ""
        return post("/v1/tools/execute", #"{"name":"wipe","args":{"disk":"\#(disk)"}\#(token)}"#)
    }

    static func decide(_ id: String, _ verb: String, _ body: String = "{}") -> RawRequest {
        post("/v1/hitl/\(id)/\(verb)", body).by(TestServer.operatorToken)
    }

    static func approval(_ body: String) -> RawRequest { post("/v1/tools/approve", body).by(TestServer.operatorToken) }
}

extension TestServer {
    /// The result of an execution, as its bytes.
    func result(_ request: RawRequest) async throws -> String {
        let answer = try await ask(request)
        let result = answer.json?.objectValue?["result"] ?? .null
        return String(decoding: result.serialized, as: UTF8.self)
    }

    /// Expects exactly this result of an execution.
    func expect(
        _ result: String, of request: RawRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let given = try await self.result(request)
        #expect(given == result, sourceLocation: sourceLocation)
    }

    /// Asks for a wipe, and gives the identity of the review that waits.
    func queued(_ disk: String = "one", by token: String = TestServer.token) async throws -> String {
        let answer = try await ask(.wipe(disk).by(token))
        return answer[["result", "hitl_request_id"]]?.stringValue ?? "none"
    }

    /// An approval's identity.
    func approved(_ disk: String = "one", seconds: Int = 60) async throws -> String {
        let body = #"{"name":"wipe","args":{"disk":"\#(disk)"},"ttl_seconds":\#(seconds)}"#
        return try await ask(.approval(body))[["approval_id"]]?.stringValue ?? "none"
    }
}
