import OrchCore
import OrchEgress
import OrchProviders

/// Where a model server is now, the path that its routes stand under, and the key to show it.
///
/// Asked before every exchange, since a managed server's port changes when it restarts.
typealias ServerLocator = @Sendable () throws(ProviderError) -> (Endpoint, basePath: String, apiKey: Redacted<String>?)

/// Speaks JSON over HTTP with one model server, and says in our terms what went wrong.
struct ModelServer: Sendable {
    let http: any OutboundHTTP
    let locate: ServerLocator
    /// Whether 503 is how the server says that it is still loading its model.
    var isUnavailableWhileLoading = false
    /// Whether 404 is how the server says that it does not have the model.
    var missingMeansNoModel = false

    /// The most that is read of an answer that only lists or explains something.
    static let maximumListBytes = 8 << 20
    private static let maximumErrorBytes = 64 << 10

    /// A request for a route under the server's base path, or at its root.
    func request(
        _ method: OutboundRequest.Method, _ path: String, atRoot: Bool = false, accept: String = "application/json",
        body: [UInt8] = [], timeout: Duration
    ) throws(ProviderError) -> OutboundRequest {
        let (endpoint, basePath, apiKey) = try locate()
        var headers = [(name: "Accept", value: accept)]
        if method == .post { headers.append((name: "Content-Type", value: "application/json")) }
        if let apiKey {
            guard !apiKey.exposed.isEmpty, apiKey.exposed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw ProviderError(.rejectedKey, "the model server's key is empty or cannot stand in a header")
            }
            headers.append((name: "Authorization", value: "Bearer \(apiKey.exposed)"))
        }
        return OutboundRequest(
            method, endpoint, path: (atRoot ? "" : Self.prefix(basePath)) + path, headers: headers, body: body,
            timeout: timeout)
    }

    /// Sends a request whose answer must be a JSON object.
    func fetch(_ request: OutboundRequest) async throws(ProviderError) -> ChatReply {
        let answer: OutboundAnswer
        do throws(OutboundError) { answer = try await http.send(request) } catch { throw Self.failure(error) }
        if let failure = failure(answer.head, body: answer.body) { throw failure }
        guard MediaType(answer.head.contentType) == .json else { throw .malformed("is not JSON by its content type") }
        let document = try JSONDocument(answer: answer.body)
        if let fault = ServerFault.failure(in: document.root) { throw fault }
        return ChatReply(body: document, connected: answer.head.connected)
    }

    /// Sends a request and returns at the head of an answer that says success.
    func open(_ request: OutboundRequest) async throws(ProviderError) -> OutboundStream {
        let answer: OutboundStream
        do throws(OutboundError) { answer = try await http.open(request) } catch { throw Self.failure(error) }
        guard failure(answer.head, body: []) != nil else { return answer }
        // What the body says only adds a word: its being too long or cut off changes nothing.
        let body = (try? await Self.gather(answer, limit: Self.maximumErrorBytes)) ?? []
        throw failure(answer.head, body: body) ?? .malformed("is not HTTP as expected")
    }

    /// Reads the rest of an answer that has to be whole before it can be used.
    static func gather(_ answer: OutboundStream, limit: Int) async throws(ProviderError) -> [UInt8] {
        var body: [UInt8] = []
        do throws(OutboundError) {
            while let piece = try await answer.next() {
                guard body.count + piece.count <= limit else {
                    answer.cancel()
                    throw OutboundError(.tooLarge, "the answer is over \(limit) bytes")
                }
                body.append(contentsOf: piece)
            }
        } catch {
            answer.cancel()
            throw failure(error)
        }
        return body
    }

    /// What a broken exchange means; whatever it broke with, a call that was cancelled says so.
    static func failure(_ error: OutboundError) -> ProviderError {
        ProviderError(Task.isCancelled ? OutboundError(.cancelled, error.message) : error)
    }

    private func failure(_ head: OutboundHead, body: [UInt8]) -> ProviderError? {
        if head.status == 503, isUnavailableWhileLoading {
            return ProviderError(
                .notReady, "the model server is loading its model", retryAfter: head.retryAfter, isRetryable: true)
        }
        let word = head.status < 400 ? nil : ServerFault.word(inBody: body)
        var failure = ProviderError(
            status: head.status, retryAfter: head.retryAfter,
            detail: word ?? (head.status == 404 && missingMeansNoModel ? "model_not_found" : nil))
        failure?.connection = head.connected
        return failure
    }

    private static func prefix(_ basePath: String) -> String {
        var path = basePath[...]
        while path.last == "/" { path = path.dropLast() }
        return path.isEmpty || path.first == "/" ? String(path) : "/\(path)"
    }
}

extension ProviderError {
    /// An answer that breaks the protocol: `the model server's answer` and what is wrong with it.
    static func malformed(_ fault: String) -> ProviderError {
        ProviderError(.malformedAnswer, "the model server's answer \(fault)")
    }

    /// The refusal of a field that this kind of server cannot honour.
    static func unsupported(_ parameter: String, _ fault: String) -> ProviderError {
        ProviderError(.unsupported, "\(parameter) \(fault)", parameter: parameter)
    }

    /// The end of a stream before the server has said that the answer is complete.
    static var closedBeforeComplete: ProviderError {
        ProviderError(.unreachable, "the model server closed before complete: the answer has no end")
    }
}

extension JSONDocument {
    /// Reads a request that has to be translated, which must be an object.
    init(request bytes: [UInt8]) throws(ProviderError) {
        guard let document = try? JSONDocument(parsing: bytes), document.root.kind == .object else {
            throw ProviderError(.rejectedRequest, "the request is not a JSON object")
        }
        self = document
    }

    /// Reads a server's answer, which must be an object.
    init(answer bytes: [UInt8]) throws(ProviderError) {
        do throws(JSONError) { self = try JSONDocument(parsing: bytes) } catch { throw .malformed("is not valid JSON") }
        guard root.kind == .object else { throw .malformed("is \(root.kind.phrase), not an object") }
    }
}
