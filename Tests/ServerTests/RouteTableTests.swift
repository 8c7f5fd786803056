import NIOHTTP1
import OrchCore
import Testing

@testable import OrchServer

@Suite("Finding routes")
struct RouteTableTests {
    private static func route(_ method: HTTPMethod, _ template: String) -> Route {
        Route(
            method: method, template: template, operation: Operation(summary: "", tag: ""), handle: { _ in .json([:]) })
    }

    private let table = RouteTable([
        route(.GET, "/"), route(.GET, "/a"), route(.POST, "/a"), route(.GET, "/a/{x}"), route(.POST, "/a/{x}/b"),
        route(.GET, "/m/{rest…}"), route(.DELETE, "/a/{x}"),
    ])

    /// The template found, or the methods allowed, or nothing.
    private func found(_ method: HTTPMethod, _ path: String) -> String {
        switch table.match(method, path: path) {
        case .route(let index, let parameters):
            "\(table.routes[index].method) \(table.routes[index].template) \(parameters)"
        case .wrongMethod(let allowed): "\(allowed)"
        case .unknownPath: "none"
        }
    }

    @Test("paths lead where they should")
    func paths() {
        #expect(found(.GET, "/") == "GET / []")
        #expect(found(.POST, "/a") == "POST /a []")
        #expect(found(.GET, "/a/one") == #"GET /a/{x} ["one"]"#)
        #expect(found(.POST, "/a/one/b") == #"POST /a/{x}/b ["one"]"#)
        #expect(found(.GET, "/a/%41%2F%C3%A9") == #"GET /a/{x} ["A/é"]"#)
        #expect(found(.GET, "/a/a+b") == #"GET /a/{x} ["a+b"]"#)
        #expect(found(.GET, "/m/one") == #"GET /m/{rest…} ["one"]"#)
        #expect(found(.GET, "/m/one/two%2Fthree/") == #"GET /m/{rest…} ["one/two/three/"]"#)
    }

    @Test(
        "what is nobody's path is unknown",
        arguments: [
            "", "//", "/A", "/a/", "/a//b", "/a/x/c", "/a/x/b/", "/m", "/m/", "a", "/a/%", "/a/%4", "/a/%zz", "/a/%FF",
            "*",
        ])
    func unknown(path: String) {
        #expect(found(.GET, path) == "none")
    }

    @Test("a wrong method is told the right ones")
    func methods() {
        #expect(found(.PUT, "/a") == #"["GET", "POST"]"#)
        #expect(found(.PUT, "/a/x") == #"["DELETE", "GET"]"#)
        #expect(found(.GET, "/a/x/b") == #"["POST"]"#)
    }

    @Test("a query's first pair of a name counts, and broken pairs are passed over")
    func queries() {
        let pairs = PercentEncoding.pairs("a=1&a=2&b=x+y%26z&c&=e&%zz=1&d=%zz&&f==")
        #expect(pairs == ["a": "1", "b": "x y&z", "c": "", "": "e", "f": "="])
        #expect(PercentEncoding.pairs("") == [:])
    }
}
