import OrchCore
import OrchReceipts

/// One trace as `orch trace show`, `orch trace export` and the chat's `trace` print it.
struct TraceReport {
    let trace: Trace

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [
            [Table.Cell("trace", .bold), Table.Cell(trace.id.description)],
            [Table.Cell("created", .bold), Table.Cell(trace.createdAt.description)],
        ]
        for member in trace.metadata.members {
            let colour = member.key == "status" ? TraceListReport.colour(member.value.plainText) : nil
            rows.append([Table.Cell(member.key, .bold), Table.Cell(member.value.plainText, colour)])
        }
        let steps = trace.steps.enumerated().map { index, step -> [Table.Cell] in
            let offset = step.createdAt.microseconds - trace.createdAt.microseconds
            return [
                Table.Cell("\(index + 1)"), Table.Cell("+" + Measure.milliseconds(offset)),
                Table.Cell(step.type.rawValue), Table.Cell(Self.details(step.payload)),
            ]
        }
        let table = steps.isEmpty ? "No steps.\n" : Table(["STEP", "AFTER", "TYPE", "DETAILS"], steps).text(palette)
        return Table([], rows).text(palette) + "\n" + table
    }

    private static func details(_ payload: JSONObject) -> String {
        payload.members.map { "\($0.key)=\($0.value.plainText)" }.joined(separator: " ")
    }

    /// `{"id","created_at","metadata","steps":[{"created_at","payload","step_type"}]}`, a step being what its hash is
    /// made of.
    var json: String {
        let value: JSONValue = [
            "id": .string(trace.id.description), "created_at": .string(trace.createdAt.description),
            "metadata": .object(trace.metadata),
            "steps": .array(
                trace.steps.map { step in
                    [
                        "created_at": .string(step.createdAt.description), "payload": .object(step.payload),
                        "step_type": .string(step.type.rawValue),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
