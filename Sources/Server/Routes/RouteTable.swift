import NIOHTTP1
import OrchCore

/// All routes, and which one a request means.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case route(index: Int, parameters: [String])
        /// The path exists; the methods that it takes.
        case wrongMethod(allowed: [String])
        case unknownPath
    }

    let routes: [Route]
    /// Routes without parameters, by path.
    private let fixed: [String: [Int]]
    private let templates: [(index: Int, parts: [Substring])]

    init(_ routes: [Route]) {
        self.routes = routes
        var fixed: [String: [Int]] = [:]
        var templates: [(index: Int, parts: [Substring])] = []
        for (index, route) in routes.enumerated() {
            if route.template.contains("{") {
                templates.append((index, route.template.split(separator: "/", omittingEmptySubsequences: false)))
            } else {
                fixed[route.template, default: []].append(index)
            }
        }
        self.fixed = fixed
        self.templates = templates
    }

    /// - Parameter path: Without the query, as it came.
    func match(_ method: HTTPMethod, path: String) -> Match {
        var candidates = fixed[path]?.map { ($0, [String]()) } ?? []
        if candidates.isEmpty {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            for (index, template) in templates {
                if let parameters = Self.parameters(of: parts, in: template) { candidates.append((index, parameters)) }
            }
        }
        guard !candidates.isEmpty else { return .unknownPath }
        for (index, parameters) in candidates where routes[index].method == method {
            return .route(index: index, parameters: parameters)
        }
        return .wrongMethod(allowed: candidates.map { routes[$0.0].method.rawValue }.sorted())
    }

    private static func parameters(of parts: [Substring], in template: [Substring]) -> [String]? {
        var parameters: [String] = []
        for (index, wanted) in template.enumerated() {
            guard index < parts.count else { return nil }
            if wanted.hasSuffix("…}") {
                let rest = parts[index...].joined(separator: "/")
                guard !rest.isEmpty, let decoded = PercentEncoding.decode(rest[...]) else { return nil }
                return parameters + [decoded]
            }
            if wanted.first == "{" {
                guard !parts[index].isEmpty, let decoded = PercentEncoding.decode(parts[index]) else { return nil }
                parameters.append(decoded)
            } else if wanted != parts[index] {
                return nil
            }
        }
        return parts.count == template.count ? parameters : nil
    }
}

/// Percent-encoding in paths and queries (RFC 3986 section 2.1).
enum PercentEncoding {
    /// The decoded text; nil for a broken escape or what is not UTF-8.
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Hexadecimal.value),
                    let low = rest.popFirst().flatMap(Hexadecimal.value)
                else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The pairs of a query; the first of a name counts, and pairs that do not decode are passed over.
    static func pairs(_ query: Substring) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(parts[0], plusIsSpace: true), pairs[name] == nil,
                let value = decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { continue }
            pairs[name] = value
        }
        return pairs
    }
}
