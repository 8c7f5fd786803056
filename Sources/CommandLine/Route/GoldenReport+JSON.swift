import OrchCore
import OrchOrchestrator
import OrchRouting

extension GoldenReport {
    /// `{"version","cases","passed","failed","tiers","outcomes","shadow","hitl_rate","hashes","thresholds",
    /// "calibration"}`, on one line.
    var json: String {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.member("version", version)
        json.member("cases", results.count)
        json.member("passed", results.count - failed.count)
        json.member("failed", .array(failed.map(Self.json)))
        json.member(
            "tiers", .object(JSONObject(tiers.enumerated().map { .init(key: "\($0)", value: .integer($1)) })))
        json.member(
            "outcomes",
            .object(
                JSONObject(
                    IntentDecision.Outcome.allCases.map { .init(key: $0.rawValue, value: .integer(count($0))) })))
        json.member("shadow", shadow)
        json.member("hitl_rate", orNull: humanRate)
        json.member(
            "hashes",
            [
                "policy": .string(hashes.policy), "router_policy": .string(hashes.routerPolicy),
                "intents": .string(hashes.meaning.intents), "embedder": .string(hashes.meaning.embedder),
                "learned": .string(hashes.meaning.learned),
            ])
        json.member(
            "thresholds",
            [
                "min_similarity": .number(thresholds.minimumSimilarity), "min_gap": .number(thresholds.minimumGap),
                "min_confidence": .number(thresholds.minimumConfidence),
            ])
        json.member("calibration", calibration)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func json(_ result: GoldenResult) -> JSONValue {
        [
            "id": .string(result.golden.id), "tags": .array(result.golden.tags.map(JSONValue.string)),
            "differences": .array(
                result.differences.map { difference in
                    [
                        "member": .string(difference.member), "expected": .string(difference.expected),
                        "found": .string(difference.found),
                    ]
                }),
        ]
    }

    private var shadow: JSONValue {
        func json(_ decision: IntentDecision) -> JSONValue {
            [
                "outcome": .string(decision.outcome.rawValue), "tool": .text(decision.tool),
                "reason": .string(decision.reason),
            ]
        }
        return [
            "pairs": .integer(pairs.count),
            "mismatches": .array(
                mismatches.map { result in
                    ["id": .string(result.golden.id), "rules": json(result.plain), "intents": json(result.decision)]
                }),
        ]
    }

    private var calibration: JSONValue {
        let reliability = reliability
        return [
            "decisions": .integer(reliability.count),
            "expected_calibration_error": .fraction(reliability.expectedCalibrationError),
            "bins": .array(
                reliability.bins.enumerated().map { place, bin in
                    [
                        "from": .number(Double(place) / 10), "to": .number(Double(place + 1) / 10),
                        "count": .integer(bin.count), "mean_confidence": .fraction(bin.meanConfidence),
                        "share_right": .fraction(bin.shareRight),
                    ]
                }),
        ]
    }
}
