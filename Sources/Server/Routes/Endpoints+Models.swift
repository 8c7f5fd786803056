import NIOHTTP1
import OrchCore
import OrchOrchestrator
import OrchProviders

extension Endpoints {
    var models: Route {
        let (directory, startedAt) = (self.directory, self.startedAt)
        return Route(
            method: .GET, template: "/v1/models",
            operation: Operation(
                summary: "The models that a request may name, agents among them.", tag: "models",
                response: Self.objectSchema(
                    ["object": ["const": "list"], "data": ["type": "array", "items": Self.modelSchema]],
                    required: ["object", "data"])),
            handle: { _ in
                let models = await Self.listed(directory, startedAt).map(Self.json(of:))
                return .json(["object": "list", "data": .array(models)])
            })
    }

    var model: Route {
        let (directory, startedAt) = (self.directory, self.startedAt)
        return Route(
            method: .GET, template: "/v1/models/{id…}",
            operation: Operation(summary: "One model.", tag: "models", response: Self.modelSchema),
            handle: { incoming in
                let models = await Self.listed(directory, startedAt)
                guard let model = models.first(where: { $0.id == incoming.parameter }) else {
                    throw ErrorBody(
                        status: 404, type: "invalid_request_error", code: "model_not_found",
                        message: "no such model: GET /v1/models lists those there are", parameter: "id")
                }
                return .json(Self.json(of: model))
            })
    }

    private static let modelSchema = objectSchema(
        [
            "id": ["type": "string"], "object": ["const": "model"], "created": ["type": "integer"],
            "owned_by": ["type": "string"],
        ],
        required: ["id", "object", "created", "owned_by"])

    private static func listed(_ directory: ModelDirectory, _ startedAt: Timestamp) async -> [ModelDescription] {
        let created = Int(startedAt.seconds)
        let agents = directory.agentNames().map { ModelDescription(id: $0, created: created, owner: "orchestrators") }
        return await directory.models() + agents
    }

    private static func json(of model: ModelDescription) -> JSONValue {
        [
            "id": .string(model.id), "object": "model", "created": .integer(model.created),
            "owned_by": .string(model.owner),
        ]
    }
}
