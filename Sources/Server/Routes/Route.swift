import NIOHTTP1
import OrchCore
import OrchOrchestrator

/// One route: where it is, who may use it, what it does, and how the OpenAPI document describes it.
struct Route: Sendable {
    enum Access: Sendable {
        /// Anybody.
        case open
        /// Who has a token, where tokens are required.
        case bearer
        /// Anybody. A right token says who it is all the same; with a wrong one the caller is nobody.
        case optionalBearer
        /// Who has an operator's token, whether or not bearers need one.
        case operators
    }

    let method: HTTPMethod
    /// Such as `/v1/agents/{name}/chat`; a last part `{id…}` takes the rest of the path, slashes included.
    let template: String
    var access = Access.bearer
    /// Whether the request counts against the caller's rate.
    var isLimited = true
    /// Whether ORCH_ENABLE_API=0 turns it off.
    var isAPI: Bool { template.hasPrefix("/v1/") }
    let operation: Operation
    let handle: @Sendable (Incoming) async throws -> Reply
}

/// What the OpenAPI document says of a route.
struct Operation: Sendable {
    var summary: String
    var tag: String
    /// What the route's query may hold.
    var query: [QueryParameter] = []
    /// The schema of the JSON body that the route takes.
    var request: JSONValue?
    /// The schema of the answer; nil where it is not JSON.
    var response: JSONValue?
    /// The media type of an answer that is not JSON, or that may be a stream instead.
    var otherMediaType: String?
}

/// A part of a query, as the OpenAPI document describes it.
struct QueryParameter: Sendable {
    var name: String
    var summary: String
    var schema: JSONValue
    var isRequired = false
}

/// A request on its way to its handler.
struct Incoming: Sendable {
    var caller: Caller
    /// What stood in the template's braces, decoded.
    var parameters: [String]
    /// The query's pairs, decoded.
    var query: [String: String]
    /// Reads the whole body, within the limit.
    var body: @Sendable () async throws -> [UInt8]

    var parameter: String { parameters.first ?? "" }
}
