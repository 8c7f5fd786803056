import NIOHTTP1
import OrchCore

extension Endpoints {
    static let serviceName = "orchestrators_v2"

    var health: Route {
        Route(
            method: .GET, template: "/health", access: .open, isLimited: false,
            operation: Operation(
                summary: "Whether the process lives; touches nothing.", tag: "service",
                response: Self.statusSchema(["ok"])),
            handle: { _ in .json(["status": "ok", "service": .string(Self.serviceName)]) })
    }

    var ready: Route {
        let readiness = self.readiness
        return Route(
            method: .GET, template: "/ready", access: .open, isLimited: false,
            operation: Operation(
                summary: "Whether requests can be answered now; 503 says what is down.", tag: "service",
                response: Self.statusSchema(["ready", "disabled", "unready"])),
            handle: { _ in
                var answer: JSONObject = ["status": "ready", "service": .string(Self.serviceName)]
                switch await readiness() {
                case .ready:
                    return .json(.object(answer))
                case .disabled:
                    answer["status"] = "disabled"
                case .unready(let reason):
                    answer["status"] = "unready"
                    answer["reason"] = .string(reason.rawValue)
                }
                return .json(.object(answer), status: .serviceUnavailable)
            })
    }

    var metricsText: Route {
        let metrics = self.metrics
        return Route(
            method: .GET, template: "/metrics", isLimited: false,
            operation: Operation(
                summary: "Metrics in Prometheus' text format.", tag: "service", otherMediaType: "text/plain"),
            handle: { _ in
                guard let metrics else {
                    throw ErrorBody(
                        status: 503, type: "service_unavailable", code: "metrics_disabled",
                        message: "metrics are turned off (ORCH_METRICS_ENABLED=0)")
                }
                return Reply(
                    headers: ["content-type": "text/plain; version=0.0.4; charset=utf-8"],
                    body: .whole(metrics()))
            })
    }

    var echo: Route {
        Route(
            method: .POST, template: "/echo",
            operation: Operation(
                summary: "Answers what it was sent, to try a connection and a token.", tag: "service",
                request: Self.objectSchema(["message": ["type": "string"]], required: ["message"]),
                response: Self.objectSchema(["echo": ["type": "string"]], required: ["echo"])),
            handle: { incoming in
                let root = try Self.object(try await incoming.body())
                guard let message = root["message"] else { throw Self.missing("message") }
                guard let text = message.string else {
                    throw Self.wrongType("message", "a string", message.kind)
                }
                return .json(["echo": .string(text)])
            })
    }

    private static func statusSchema(_ states: [String]) -> JSONValue {
        objectSchema(
            [
                "status": ["type": "string", "enum": .array(states.map(JSONValue.string))],
                "service": ["type": "string", "const": .string(serviceName)],
                "reason": ["type": "string", "enum": .array(Readiness.Reason.allCases.map { .string($0.rawValue) })],
            ],
            required: ["status", "service"])
    }
}

// MARK: - Small bodies

extension Endpoints {
    /// Reads a body that must be a JSON object.
    static func object(_ bytes: [UInt8]) throws -> JSONNode {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: bytes).root } catch {
            throw ErrorBody(
                status: 400, type: "invalid_request_error", code: "invalid_json",
                message: "the body is not valid JSON: \(error.message)")
        }
        guard root.kind == .object else { throw wrongType("body", "an object", root.kind) }
        return root
    }

    static func missing(_ path: String) -> ErrorBody {
        ErrorBody(
            status: 400, type: "invalid_request_error", code: "missing_required_parameter",
            message: "\(path) is required", parameter: path)
    }

    static func wrongType(_ path: String, _ expected: String, _ found: JSONKind) -> ErrorBody {
        ErrorBody(
            status: 400, type: "invalid_request_error", code: "invalid_type",
            message: "\(path) must be \(expected), not \(found.phrase)", parameter: path)
    }

    static func objectSchema(_ properties: JSONObject, required: [String]) -> JSONValue {
        [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map(JSONValue.string)),
        ]
    }
}
