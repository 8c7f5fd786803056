import OrchCore

extension SchemaCompiler {
    /// `#` or `#/$defs/<name>`, where the name is escaped as in a JSON pointer (RFC 6901).
    func reference(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> Int {
        if value.stringValue == "#" { return 0 }
        let prefix = "#/$defs/"
        if let text = value.stringValue, text.hasPrefix(prefix),
            let name = Self.unescaped(text.dropFirst(prefix.count)), let index = definitions[Array(name.utf8)]
        {
            return index
        }
        throw SchemaError(path: path.text, problem: "must be # or #/$defs/ and the name of a definition")
    }

    private static func unescaped(_ token: Substring) -> String? {
        var name = ""
        var scalars = token.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "~":
                switch scalars.next() {
                case "0": name.append("~")
                case "1": name.append("/")
                default: return nil
                }
            // A pointer in a fragment may be percent-encoded; such names are not supported.
            case "/", "%": return nil
            default: name.unicodeScalars.append(scalar)
            }
        }
        return name
    }

    // MARK: Cycles

    /// A schema that comes back to itself without descending into the value would never end.
    func refuseCycles() throws(SchemaError) {
        enum Mark { case entered, left }
        var marks = [Mark?](repeating: nil, count: nodes.count)
        for start in nodes.indices where marks[start] == nil {
            marks[start] = .entered
            var path = [(node: start, rest: nodes[start].inPlace[...])]
            while var top = path.popLast() {
                guard let next = top.rest.popFirst() else {
                    marks[top.node] = .left
                    continue
                }
                path.append(top)
                switch marks[next] {
                case .left: continue
                case .entered: throw SchemaError(path: "parameters", problem: "a schema refers to itself without end")
                case nil:
                    marks[next] = .entered
                    path.append((next, nodes[next].inPlace[...]))
                }
            }
        }
    }
}
