import OrchCore
import OrchTestSupport
import Testing

/// A request as its bytes.
struct RawRequest: Sendable {
    var method = "GET"
    var path = "/health"
    var version = "HTTP/1.1"
    var host: String? = "localhost"
    var token: String? = TestServer.token
    var fields: [(name: String, value: String)] = []
    /// Sent with its length.
    var body: String?

    static func get(_ path: String, token: String? = TestServer.token) -> RawRequest {
        RawRequest(path: path, token: token)
    }

    static func post(_ path: String, _ body: String) -> RawRequest {
        RawRequest(method: "POST", path: path, fields: [("Content-Type", "application/json")], body: body)
    }

    /// A chat, streamed or not.
    static func chat(streams: Bool = false, path: String = "/v1/chat/completions") -> RawRequest {
        post(path, #"{"messages":[{"role":"user","content":"hi"}],"stream":\#(streams)}"#)
    }

    func with(_ name: String, _ value: String) -> RawRequest {
        var other = self
        other.fields.append((name, value))
        return other
    }

    var head: String {
        var lines = ["\(method) \(path) \(version)"]
        if let host { lines.append("Host: \(host)") }
        if let token { lines.append("Authorization: Bearer \(token)") }
        lines += fields.map { "\($0.name): \($0.value)" }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    var text: String { head + (body ?? "") }
}

extension TestServer {
    func connect(receiveBuffer: Int32? = nil) throws -> RawConnection {
        try RawConnection.connect(port: port, receiveBuffer: receiveBuffer)
    }

    /// Sends a request on a connection of its own and reads the answer.
    func ask(_ request: RawRequest) async throws -> RawMessage {
        try await ask(request.text, isToHead: request.method == "HEAD")
    }

    /// Sends a request and expects the answer's status.
    func expect(
        _ status: Int, for request: RawRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await ask(request)
        #expect(answer.status == status, "\(request.method) \(request.path)", sourceLocation: sourceLocation)
    }

    func ask(_ text: String, isToHead: Bool = false) async throws -> RawMessage {
        let connection = try connect()
        defer { connection.close() }
        try await connection.send(text)
        return try #require(try await RawHTTPReader(connection).message(isToHead: isToHead))
    }
}

extension RawMessage {
    var json: JSONValue? { try? JSONValue(parsing: body) }

    subscript(path: [String]) -> JSONValue? {
        path.reduce(json) { value, key in value?.objectValue?[key] }
    }
}

/// Expects an error of the form that all have.
func expectError(
    _ answer: RawMessage, _ status: Int, _ type: String, _ code: String, param: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer["content-type"] == "application/json", sourceLocation: sourceLocation)
    #expect(answer["x-request-id"] != nil, sourceLocation: sourceLocation)
    #expect(answer.json?.objectValue?.count == 1, sourceLocation: sourceLocation)
    let error = answer.json?.objectValue?["error"]?.objectValue
    #expect(error?.keys.sorted() == ["code", "message", "param", "type"], sourceLocation: sourceLocation)
    #expect(error?["type"] == .string(type), sourceLocation: sourceLocation)
    #expect(error?["code"] == .string(code), sourceLocation: sourceLocation)
    #expect(error?["param"] == param.map(JSONValue.string) ?? .null, sourceLocation: sourceLocation)
    #expect(error?["message"]?.stringValue?.isEmpty == false, sourceLocation: sourceLocation)
}

/// Waits until it holds; what never holds fails.
func until(sourceLocation: SourceLocation = #_sourceLocation, _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now.advanced(by: RawConnection.patience)
    while try await !holds() {
        try #require(ContinuousClock.now < deadline, sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(1))
    }
}
