/// The targets of Package.swift, read from its text: what stands in `module(…)`, `.target(…)` and
/// `.executableTarget(…)`.
struct Manifest {
    struct Target: Equatable {
        /// The folder under Sources.
        var module: String
        /// Of our own.
        var modules: Set<String>
        /// Modules of other packages' products.
        var products: Set<String>
    }

    var targets: [Target] = []

    init(targets: [Target]) {
        self.targets = targets
    }

    init(_ text: String) {
        let products = Dictionary(
            text.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/).map {
                (String($0.output.1), String($0.output.2))
            }, uniquingKeysWith: { first, _ in first })
        for match in text.matches(of: /(?:^|[^\w.])(module|\.target|\.executableTarget)\(/) {
            guard !text[..<match.range.upperBound].hasSuffix("func module(") else { continue }
            let call = Self.balanced(text[match.range.upperBound...])
            let isModule = match.output.1 == "module"
            guard let name = call.firstMatch(of: /"(\w+)"/).map({ String($0.output.1) }) else { continue }
            let path = call.firstMatch(of: /path: "([^"]*)"/).map { String($0.output.1) }
            // Inside of `func module` the path is made from a name; what it makes is read where it is called.
            guard isModule || path.map({ $0.hasPrefix("Sources/") && !$0.contains("\\") }) ?? false else { continue }
            let lists = Self.lists(in: call)
            let words = isModule ? lists.prefix(2).joined(separator: ",") : lists.first ?? ""
            let own = words.matches(of: /"(\w+)"/).map { String($0.output.1) }
            let variables = words.replacing(/"\w+"/, with: "").matches(of: /[a-zA-Z]\w*/).map { String($0.output) }
            targets.append(
                Target(
                    module: isModule ? name : String(path?.dropFirst("Sources/".count) ?? ""),
                    modules: Set(own.map(Self.folder)),
                    products: Set(variables.map { products[$0] ?? $0 })))
        }
    }

    private static func folder(_ target: String) -> String {
        ModuleTable.folder(ofModule: target)
    }

    /// The text up to the parenthesis that closes the one before it.
    private static func balanced(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    /// What stands in the outermost brackets of lists that are not labelled, or labelled `dependencies`.
    private static func lists(in call: Substring) -> [String] {
        call.matches(of: /(?:(\w+): )?\[([^\[\]]*)\]/)
            .filter { $0.output.1 == nil || $0.output.1 == "dependencies" }
            .map { String($0.output.2) }
    }
}
