import OrchCore

extension ReceiptBundle {
    /// What a trace's contents may nest, and the bundle's own levels above them.
    private static let limits = JSONLimits(depth: JSONLimits().depth + 3)

    /// Reads a file strictly. Nothing is checked yet; see ``check(key:contents:)``.
    ///
    /// - Throws: ``BundleError`` where a member is missing, unknown, there twice, or of another type.
    package init(parsing bytes: [UInt8]) throws(BundleError) {
        guard bytes.count <= Self.maximumBytes else { throw .malformed("it is larger than \(Self.maximumBytes) bytes") }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes, limits: Self.limits) } catch {
            throw .malformed("it is not valid JSON: \(error.message)")
        }
        if let format = document.root["format"]?.string, format != Self.format {
            throw .malformed("its format is not \(Self.format)")
        }
        let root = try Members(
            of: document.root, at: "the file", ["format", "leaf", "trace", "steps", "proof", "salts"])
        _ = try root.string("format")
        let trace = try Members(of: try root.node("trace", .object), at: "trace", ["id", "created_at", "metadata"])
        guard let traceID = TraceID(try trace.string("id")) else { throw .malformed("trace.id is no trace's identity") }
        let leaf = try Self.leaf(try root.node("leaf", .object))
        self.init(
            leaf: leaf, traceID: traceID, createdAt: try trace.moment("created_at"),
            metadata: try trace.node("metadata", .object).value.canonical, steps: [],
            proof: try Self.proof(try root.string("proof")),
            salts: try Self.salts(try root.node("salts", .object), of: leaf))
        for (place, step) in try root.node("steps", .array).elements.enumerated() {
            steps.append(try Step(step, at: "steps[\(place)]"))
        }
    }

    private static func leaf(_ node: JSONNode) throws(BundleError) -> Leaf {
        do { return try Leaf(parsing: node.value.canonical) } catch { throw .malformed(error.message) }
    }

    private static func proof(_ text: String) throws(BundleError) -> InclusionProofFile {
        do { return try InclusionProofFile(parsing: text) } catch { throw .malformed(error.message) }
    }

    private static func salts(_ node: JSONNode, of leaf: Leaf) throws(BundleError) -> [Commitment.Name: MerkleHash] {
        var salts: [Commitment.Name: MerkleHash] = [:]
        for member in node.members {
            guard let name = Commitment.Name(rawValue: member.key),
                leaf.commitments.contains(where: { $0.name == name.rawValue })
            else { throw .malformed("salts has a member for which the leaf binds nothing") }
            guard let salt = member.value.string.flatMap({ MerkleHash(hexadecimal: $0) }) else {
                throw .malformed("salts.\(name.rawValue) is not 64 lower-case digits of base 16")
            }
            salts[name] = salt
        }
        return salts
    }
}

extension ReceiptBundle.Step {
    fileprivate init(_ node: JSONNode, at path: String) throws(BundleError) {
        let members = try Members(of: node, at: path, ["created_at", "payload", "step_type"])
        let type = try members.string("step_type")
        // So that nothing in it is escaped where it is hashed.
        guard !type.isEmpty, type.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }) else {
            throw .malformed("\(path).step_type is no word of lower-case letters and _")
        }
        self.init(
            type: type, createdAt: try members.moment("created_at"),
            payload: try members.node("payload", .object).value.canonical)
    }
}

/// The members of an object that must have these and no others.
private struct Members {
    private let node: JSONNode
    private let path: String

    init(of node: JSONNode, at path: String, _ names: [String]) throws(BundleError) {
        guard node.kind == .object else { throw .malformed("\(path) is no object") }
        for name in names where node[name] == nil { throw .malformed("\(path) has no member \(name)") }
        guard node.members.reduce(0, { count, _ in count + 1 }) == names.count else {
            throw .malformed("\(path) has a member beside \(names.joined(separator: ", "))")
        }
        self.node = node
        self.path = path
    }

    func node(_ name: String, _ kind: JSONKind) throws(BundleError) -> JSONNode {
        guard let member = node[name], member.kind == kind else {
            throw .malformed("\(name) of \(path) is not \(kind.phrase)")
        }
        return member
    }

    func string(_ name: String) throws(BundleError) -> String { try node(name, .string).string ?? "" }

    /// A moment in the form in which it is stored.
    func moment(_ name: String) throws(BundleError) -> String {
        let text = try string(name)
        guard Timestamp(text) != nil else { throw .malformed("\(name) of \(path) is no time of a receipt") }
        return text
    }
}

extension BundleError {
    fileprivate static func malformed(_ fault: String) -> BundleError {
        BundleError(.malformed, "this is no receipt bundle: \(fault)")
    }
}
