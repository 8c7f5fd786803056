import NIOHTTP1
import OrchCore
import OrchOrchestrator

extension Endpoints {
    var trustEvents: Route {
        let trust = self.trust
        return Route(
            method: .GET, template: "/v1/trust/events", access: .operators,
            operation: Operation(
                summary: "Stored steps, newest first, without what may be a secret or a text.", tag: "trust",
                query: [
                    QueryParameter(
                        name: "limit", summary: "How many, up to ORCH_TRUST_PANEL_MAX_EVENTS.",
                        schema: ["type": "integer", "minimum": 1]),
                    QueryParameter(
                        name: "step_type", summary: "Kinds of step, separated by commas; without it all.",
                        schema: ["type": "string", "examples": .array(TrustPanel.stepTypes.map(JSONValue.string))]),
                    QueryParameter(name: "trace_id", summary: "Of one trace alone.", schema: ["type": "string"]),
                    QueryParameter(
                        name: "debug", summary: "1 adds sizes, where ORCH_TRUST_PANEL_DEBUG=1.",
                        schema: ["enum": ["0", "1"]]),
                ],
                response: TrustPanel.eventsSchema),
            handle: { incoming in .json(try await Self.open(trust).events(incoming.query)) })
    }

    var trustReport: Route {
        let trust = self.trust
        return Route(
            method: .GET, template: "/v1/trust/trace/{id}", access: .operators,
            operation: Operation(
                summary: "A trace with its steps and the hash chain over them.", tag: "trust",
                response: TrustPanel.reportSchema),
            handle: { incoming in .json(try await Self.open(trust).report(on: incoming.parameter)) })
    }

    var trustVerification: Route {
        let trust = self.trust
        return Route(
            method: .GET, template: "/v1/trust/verify/{id}", access: .operators,
            operation: Operation(
                summary: "Whether a trace's chain is the expected one, or its steps are what its leaf binds.",
                tag: "trust",
                query: [
                    QueryParameter(
                        name: "expected_hash", summary: "The end of the chain, as a report had it.",
                        schema: ["type": "string", "pattern": "^[0-9a-f]{64}$"])
                ],
                response: TrustPanel.verificationSchema),
            handle: { incoming in
                let expected = incoming.query["expected_hash"]
                return .json(try await Self.open(trust).verify(incoming.parameter, expectedHash: expected))
            })
    }

    private static func open(_ trust: TrustPanel?) throws(ErrorBody) -> TrustPanel {
        guard let trust else {
            throw ErrorBody(
                status: 503, type: "service_unavailable", code: "trust_panel_disabled",
                message: "the trust panel is turned off (ORCH_TRUST_PANEL_ENABLED=0)")
        }
        return trust
    }
}
