import OrchApprovals
import OrchCore

/// A body of `/v1/tools/approve`.
struct ApprovalRequest {
    /// Seconds: a year.
    static let maximumLifetime = 31_536_000

    let name: String
    let arguments: JSONValue
    let lifetime: Duration?

    init(parsing bytes: [UInt8]) throws(PipelineError) {
        let root = try JSONNode.requestBody(bytes, fields: ["name", "args", "ttl_seconds"])
        guard let name = root["name"] else { throw .missing("name") }
        guard let text = name.string else { throw .wrongType("name", expected: "a string", found: name.kind) }
        self.name = text
        arguments = try root.optionalObject("args") ?? [:]
        guard let seconds = root["ttl_seconds"], !seconds.isNull else {
            lifetime = nil
            return
        }
        guard let count = seconds.int, (1...Self.maximumLifetime).contains(count) else {
            throw PipelineError(
                .invalidValue, "ttl_seconds must be a whole number from 1 to \(Self.maximumLifetime)",
                parameter: "ttl_seconds")
        }
        lifetime = .seconds(count)
    }
}

/// A body of `/v1/hitl/{id}/approve` or `/deny`; it may be empty.
struct DecisionRequest {
    static let maximumNoteCharacters = 2000

    let note: String?
    let arguments: JSONValue?

    init(parsing bytes: [UInt8], takesArguments: Bool) throws(PipelineError) {
        guard !bytes.isEmpty else {
            (note, arguments) = (nil, nil)
            return
        }
        let root = try JSONNode.requestBody(bytes, fields: takesArguments ? ["note", "args"] : ["note"])
        if let node = root["note"], !node.isNull {
            guard let text = node.string else { throw .wrongType("note", expected: "a string", found: node.kind) }
            guard text.unicodeScalars.count <= Self.maximumNoteCharacters else {
                throw PipelineError(
                    .invalidValue, "note must have at most \(Self.maximumNoteCharacters) characters", parameter: "note")
            }
            note = text
        } else {
            note = nil
        }
        arguments = try root.optionalObject("args")
    }
}

/// The query of `/v1/hitl`.
struct ReviewQuery {
    static let maximumLimit = 200

    let status: ApprovalStatus?
    let cursor: String?
    let limit: Int

    init(_ query: [String: String]) throws(PipelineError) {
        if let text = query["status"] {
            guard let status = ApprovalStatus(rawValue: text) else {
                let known = ApprovalStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw PipelineError(.invalidValue, "status must be one of \(known)", parameter: "status")
            }
            self.status = status
        } else {
            status = nil
        }
        if let text = query["cursor"] {
            guard TraceID(text) != nil else {
                throw PipelineError(
                    .invalidValue, "cursor must be the next_cursor of the page before", parameter: "cursor")
            }
            cursor = text
        } else {
            cursor = nil
        }
        if let text = query["limit"] {
            guard let limit = Int(text), (1...Self.maximumLimit).contains(limit) else {
                throw PipelineError(
                    .invalidValue, "limit must be a whole number from 1 to \(Self.maximumLimit)", parameter: "limit")
            }
            self.limit = limit
        } else {
            limit = 50
        }
    }
}

extension JSONNode {
    /// A body that must be an object of these fields.
    static func requestBody(_ bytes: [UInt8], fields: [String]) throws(PipelineError) -> JSONNode {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: bytes).root } catch {
            throw PipelineError(.invalidJSON, "the body is not valid JSON: \(error.message)")
        }
        guard root.kind == .object else { throw .wrongType("body", expected: "an object", found: root.kind) }
        for member in root.members where !fields.contains(member.key) {
            let known =
                fields.count == 1
                ? fields[0] : fields.dropLast().joined(separator: ", ") + " and " + (fields.last ?? "")
            throw PipelineError(.invalidValue, "the body has a field besides \(known)", parameter: nil)
        }
        return root
    }

    /// An object under a key; nil where it is missing or null.
    func optionalObject(_ key: String) throws(PipelineError) -> JSONValue? {
        guard let node = self[key], !node.isNull else { return nil }
        guard node.kind == .object else { throw .wrongType(key, expected: "an object", found: node.kind) }
        return node.value
    }
}
