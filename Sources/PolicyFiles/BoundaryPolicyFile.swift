package import OrchBoundary
package import OrchCore

/// The file of the boundary: `version`, `description`, `forbidden` (`id`, `pattern`, `reason`, `except`), `ignored`.
package enum BoundaryPolicyFile {
    /// Reads and compiles a policy, or throws the first fault with its place.
    package static func load(
        _ path: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> BoundaryPolicy {
        try parse(LocalFile.read(path), file: LocalFile.name(of: path), compiler: compiler)
    }

    /// Compiles the policy that some bytes spell out.
    package static func parse(
        _ bytes: [UInt8], file: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> BoundaryPolicy {
        let root = try YAMLMapping(
            YAMLReader.read(bytes, file: file), file: file,
            keys: ["version", "description", "forbidden", "ignored"])
        guard try root.required("version", root.spelling("version")) == "1" else {
            throw PolicyFileError(.invalidValue, file: file, at: root.position, "`version` is not 1")
        }
        _ = try root.string("description")
        var forbidden: [BoundaryPolicy.Forbidden] = []
        for node in try root.sequence("forbidden") ?? [] {
            let rule = try forbiddenRule(node, file: file, compiler: compiler)
            guard !forbidden.contains(where: { $0.id == rule.id }) else {
                throw PolicyFileError(.invalidValue, file: file, at: node.position, "two rules have this id")
            }
            forbidden.append(rule)
        }
        return BoundaryPolicy(forbidden: forbidden, ignored: try names(root.sequence("ignored"), file: file))
    }

    private static func forbiddenRule(
        _ node: YAMLNode, file: String, compiler: any PatternCompiler
    ) throws(PolicyFileError) -> BoundaryPolicy.Forbidden {
        let rule = try YAMLMapping(node, file: file, keys: ["id", "pattern", "reason", "except"])
        let source = try rule.name("pattern")
        let pattern: any Pattern
        do throws(PatternError) { pattern = try compiler.compile(source, caseInsensitive: false) } catch {
            throw PolicyFileError(.invalidValue, file: file, at: node.position, error.message)
        }
        guard !pattern.matches("") else {
            throw PolicyFileError(.invalidValue, file: file, at: node.position, "the pattern matches every line")
        }
        return BoundaryPolicy.Forbidden(
            id: try rule.name("id"), pattern: pattern, reason: try rule.name("reason"),
            except: try names(rule.sequence("except"), file: file))
    }

    private static func names(_ nodes: [YAMLNode]?, file: String) throws(PolicyFileError) -> [String] {
        var names: [String] = []
        for node in nodes ?? [] { names.append(try node.name(file: file)) }
        return names
    }
}
