import HTTPTypes
import OrchCore
import Testing

@testable import OrchServer

@Suite("Finding routes")
struct RouteTableTests {
    private static func route(_ method: HTTPRequest.Method, _ template: String) -> Route {
        Route(
            method: method, template: template, operation: Operation(summary: "", tag: ""), handle: { _ in .json([:]) })
    }

    private let table = RouteTable([
        route(.get, "/"), route(.get, "/a"), route(.post, "/a"), route(.get, "/a/{x}"), route(.post, "/a/{x}/b"),
        route(.get, "/m/{rest…}"), route(.delete, "/a/{x}"),
    ])

    /// The template found, or the methods allowed, or nothing.
    private func found(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch table.match(method, path: path) {
        case .route(let index, let parameters):
            "\(table.routes[index].method) \(table.routes[index].template) \(parameters)"
        case .wrongMethod(let allowed): "\(allowed)"
        case .unknownPath: "none"
        }
    }

    @Test("paths lead where they should")
    func paths() {
        #expect(found(.get, "/") == "GET / []")
        #expect(found(.post, "/a") == "POST /a []")
        #expect(found(.get, "/a/one") == #"GET /a/{x} ["one"]"#)
        #expect(found(.post, "/a/one/b") == #"POST /a/{x}/b ["one"]"#)
        #expect(found(.get, "/a/%41%2F%C3%A9") == #"GET /a/{x} ["A/é"]"#)
        #expect(found(.get, "/a/a+b") == #"GET /a/{x} ["a+b"]"#)
        #expect(found(.get, "/m/one") == #"GET /m/{rest…} ["one"]"#)
        #expect(found(.get, "/m/one/two%2Fthree/") == #"GET /m/{rest…} ["one/two/three/"]"#)
    }

    @Test(
        "what is nobody's path is unknown",
        arguments: [
            "", "//", "/A", "/a/", "/a//b", "/a/x/c", "/a/x/b/", "/m", "/m/", "a", "/a/%", "/a/%4", "/a/%zz", "/a/%FF",
            "*",
        ])
    func unknown(path: String) {
        #expect(found(.get, path) == "none")
    }

    @Test("a wrong method is told the right ones")
    func methods() {
        #expect(found(.put, "/a") == #"["GET", "POST"]"#)
        #expect(found(.put, "/a/x") == #"["DELETE", "GET"]"#)
        #expect(found(.get, "/a/x/b") == #"["POST"]"#)
    }

    @Test("a query's first pair of a name counts, and broken pairs are passed over")
    func queries() {
        let pairs = PercentEncoding.pairs("a=1&a=2&b=x+y%26z&c&=e&%zz=1&d=%zz&&f==")
        #expect(pairs == ["a": "1", "b": "x y&z", "c": "", "": "e", "f": "="])
        #expect(PercentEncoding.pairs("") == [:])
    }
}
