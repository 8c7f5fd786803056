import NIOHTTP1
import Testing

@testable import OrchServer

@Suite("What is taken of a request's head")
struct RequestHeadTests {
    private func head(_ fields: [(String, String)]) -> RequestHead {
        RequestHead(
            HTTPRequestHead(version: .http1_1, method: .POST, uri: "/echo?x=1", headers: HTTPHeaders(fields)))
    }

    @Test("fields are found in whatever case, among others")
    func fields() {
        let head = head([
            ("HOST", "localhost:1"), ("Hosts", "other"), ("oRiGin", "http://app"), ("authorization", "Bearer t"),
            ("X-Request-ID", "r1"), ("Content-Length", "12"), ("expect", "100-Continue"), ("x-request-ids", "no"),
        ])
        #expect(head.method == .POST)
        #expect(head.target == "/echo?x=1")
        #expect(head.host == "localhost:1")
        #expect(head.origin == "http://app")
        #expect(head.authorization == "Bearer t")
        #expect(head.requestID == "r1")
        #expect(head.contentLength == 12)
        #expect(head.isAskingToContinue)
    }

    @Test("what is not there is nothing")
    func nothing() {
        let head = head([("accept", "*/*"), ("expect", "200-ok")])
        #expect(head.host == nil && head.origin == nil && head.authorization == nil && head.requestID == nil)
        #expect(head.contentLength == nil)
        #expect(!head.isAskingToContinue)
    }

    @Test("of several fields of one name the first counts, but two Hosts are none")
    func several() {
        let head = head([
            ("host", "localhost"), ("authorization", "Bearer a"), ("authorization", "Bearer b"), ("Host", "localhost"),
            ("x-request-id", "1"), ("x-request-id", "2"),
        ])
        #expect(head.host == nil)
        #expect(head.authorization == "Bearer a")
        #expect(head.requestID == "1")
        #expect(self.head([("host", "a"), ("host", "b"), ("host", "c")]).host == nil)
    }

    @Test("a request with two Hosts is refused")
    func refused() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(RawRequest.get("/health").with("Host", "localhost"))
            expectError(answer, 403, "permission_error", "host_not_allowed")
        }
    }
}
