import NIOHTTP1
import OrchCore
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("The OpenAPI document")
struct OpenAPITests {
    private func document() throws -> (JSONObject, [Route]) {
        let routes = try TestServer.endpoints(TestServer.Options()).routes
        let value = OpenAPIDocument(routes: routes, version: "1.2.3").json
        return (try #require(value.objectValue), routes)
    }

    @Test("it is served to anybody, and describes every route")
    func everyRoute() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.get("/openapi.json", token: nil))
            #expect(answer.status == 200)
            #expect(answer[["openapi"]] == "3.1.0")
            let paths = answer[["paths"]]?.objectValue
            let routes = try TestServer.endpoints(TestServer.Options()).routes
            #expect(routes.count > 10)
            for route in routes {
                let path = route.template.replacing("…}", with: "}")
                let operation = paths?[path]?.objectValue?[route.method.rawValue.lowercased()]?.objectValue
                #expect(operation != nil, "\(route.method) \(path)")
                #expect((operation?["security"] != nil) == (route.access != .open), "\(path)")
                #expect((operation?["requestBody"] != nil) == (route.method == .POST), "\(path)")
            }
        }
    }

    @Test("operations have names of their own, and every part of a path in braces is a parameter")
    func operations() throws {
        let (document, routes) = try document()
        var names: Set<String> = []
        for (path, item) in (document["paths"]?.objectValue?.members ?? []).map({ ($0.key, $0.value) }) {
            for operation in (item.objectValue?.members ?? []).compactMap(\.value.objectValue) {
                names.insert(try #require(operation["operationId"]?.stringValue))
                let parameters = operation["parameters"]?.arrayValue ?? []
                let named = parameters.filter { $0.objectValue?["in"] == "path" }
                    .compactMap { $0.objectValue?["name"]?.stringValue }
                let parts = path.split(separator: "/").filter { $0.hasPrefix("{") }
                let wanted = parts.map { String($0.dropFirst().dropLast()) }
                #expect(named == wanted)
                #expect(operation["responses"]?.objectValue?["default"] != nil)
            }
        }
        #expect(names.count == routes.count)
    }

    @Test("required fields of an answer's schema are in the answer")
    func answersMatch() async throws {
        let (document, _) = try document()
        try await TestServer.run { server in
            for (request, path) in [
                (RawRequest.get("/health"), "/health"), (.get("/ready"), "/ready"),
                (.post("/echo", #"{"message":"x"}"#), "/echo"), (.chat(), "/v1/chat/completions"),
                (.get("/v1/models"), "/v1/models"), (.get("/v1/models/test-model"), "/v1/models/{id}"),
                (.post("/v1/embeddings", #"{"input":"x"}"#), "/v1/embeddings"), (.get("/v1/tools"), "/v1/tools"),
                (.post("/v1/tools/execute", #"{"name":"echo","args":{"text":"x"}}"#), "/v1/tools/execute"),
                (.get("/v1/agents"), "/v1/agents"), (.get("/v1/agents/holly"), "/v1/agents/{name}"),
                (.chat(path: "/v1/agents/holly/chat"), "/v1/agents/{name}/chat"),
            ] {
                let answer = try await server.ask(request)
                #expect(answer.status == 200, "\(path)")
                let place = [
                    "paths", path, request.method.lowercased(), "responses", "200", "content", "application/json",
                    "schema",
                ]
                let schema = place.reduce(JSONValue?.some(.object(document))) { $0?.objectValue?[$1] }
                let faults = Schema.faults(try #require(answer.json), try #require(schema), "answer")
                #expect(faults.isEmpty, "\(path): \(faults)")
            }
        }
    }
}

/// As much of JSON Schema as the document uses.
enum Schema {
    static func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let schema = schema.objectValue else { return [] }
        var faults: [String] = []
        if let type = schema["type"] {
            let names = type.arrayValue?.compactMap(\.stringValue) ?? [type.stringValue ?? ""]
            if !names.contains(where: { isA(value, $0) }) { faults.append("\(path) is not \(names)") }
        }
        if let constant = schema["const"], constant != value { faults.append("\(path) is not its constant") }
        if let allowed = schema["enum"]?.arrayValue, !allowed.contains(value) {
            faults.append("\(path) is none of its values")
        }
        if let object = value.objectValue {
            for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where object[name] == nil {
                faults.append("\(path).\(name) is missing")
            }
            for member in schema["properties"]?.objectValue?.members ?? [] {
                guard let inner = object[member.key] else { continue }
                faults += Self.faults(inner, member.value, "\(path).\(member.key)")
            }
        }
        if let items = schema["items"] {
            for (index, element) in (value.arrayValue ?? []).enumerated() {
                faults += Self.faults(element, items, "\(path)[\(index)]")
            }
        }
        return faults
    }

    private static func isA(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"), (.number, "number"),
            (.string, "string"), (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }
}
