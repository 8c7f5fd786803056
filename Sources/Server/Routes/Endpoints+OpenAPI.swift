import NIOHTTP1
import OrchCore

extension Endpoints {
    /// GET /openapi.json: made once, from the routes and the schemas that stand beside their readers and writers.
    func openAPI(describing routes: [Route]) -> Route {
        let itself = Route(
            method: .GET, template: "/openapi.json", access: .open, isLimited: false,
            operation: Operation(
                summary: "This document.", tag: "service", response: ["type": "object"]),
            handle: { _ in .json([:]) })
        let document = OpenAPIDocument(routes: routes + [itself], version: version).json.serialized
        return Route(
            method: itself.method, template: itself.template, access: itself.access, isLimited: itself.isLimited,
            operation: itself.operation, handle: { _ in .json(document) })
    }
}

/// The OpenAPI 3.1 description of the routes.
struct OpenAPIDocument {
    let routes: [Route]
    let version: String

    var json: JSONValue {
        var paths = JSONObject()
        for route in routes {
            let path = route.template.replacing("…}", with: "}")
            var item = paths[path]?.objectValue ?? [:]
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Orchestrators", "version": .string(version),
                "description": "A governed, receipted, OpenAI-compatible orchestration server.",
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "paths": .object(paths),
            "components": [
                "schemas": ["Error": ErrorBody.schema],
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "operator": [
                        "type": "http", "scheme": "bearer", "description": "A token of ORCH_OPERATOR_TOKEN.",
                    ],
                ],
            ],
        ]
    }

    private func operation(_ route: Route) -> JSONValue {
        var content = JSONObject()
        if let schema = route.operation.response { content["application/json"] = ["schema": schema] }
        if let media = route.operation.otherMediaType {
            content[media] = media.hasPrefix("text/") ? ["schema": ["type": "string"]] : [:]
        }
        var operation: JSONObject = [
            "summary": .string(route.operation.summary),
            "operationId": .string(operationID(route)),
            "tags": [.string(route.operation.tag)],
            "responses": [
                "200": ["description": "The answer.", "content": .object(content)],
                "default": [
                    "description": "An error.",
                    "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
                ],
            ],
        ]
        let parameters = pathParameters(route) + route.operation.query.map(queryParameter)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let request = route.operation.request {
            operation["requestBody"] = ["required": true, "content": ["application/json": ["schema": request]]]
        }
        switch route.access {
        case .open: break
        case .bearer: operation["security"] = [["bearer": []]]
        // Without, or with.
        case .optionalBearer: operation["security"] = [[:], ["bearer": []]]
        case .operators: operation["security"] = [["operator": []]]
        }
        return .object(operation)
    }

    private func pathParameters(_ route: Route) -> [JSONValue] {
        route.template.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            [
                "name": .string(part.trimming(["{", "}", "…"])), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
    }

    private func queryParameter(_ parameter: QueryParameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
            "description": .string(parameter.summary), "schema": parameter.schema,
        ]
    }

    private func operationID(_ route: Route) -> String {
        let words = route.template.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }
}

extension Substring {
    fileprivate func trimming(_ characters: Set<Character>) -> String {
        String(filter { !characters.contains($0) })
    }
}
