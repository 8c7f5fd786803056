import NIOCore
import NIOPosix
import NIOSSL
import OrchEgress
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchHTTPTransport

@Suite("Secure connections")
struct SecureConnectionTests {
    private func request(_ host: String, _ port: Int) -> OutboundRequest {
        OutboundRequest(
            .get, Endpoint(host: host, port: port, usesTLS: true), path: "/",
            headers: [("Authorization", "Bearer secret")],
            timeout: RawConnection.patience)
    }

    /// A transport that trusts the test server's certificate.
    private func withTrustingTransport(_ body: (HTTPTransport) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([try SecureServer.certificate()])
        let transport = HTTPTransport(
            group: group, policy: try EgressPolicy(allowlist: ["loopback"]), tlsConfiguration: configuration,
            observe: { _ in })
        let result: Result<Void, any Error>
        do { result = .success(try await body(transport)) } catch { result = .failure(error) }
        await transport.shutDown()
        try await group.shutdownGracefully()
        try result.get()
    }

    @Test("a certificate that nobody vouches for is refused before anything is said")
    func untrusted() async throws {
        let heard = Mutex("")
        try await SecureServer.run(plainAnswer("secret"), read: { text in heard.withLock { $0 += text } }) { port in
            try await withTransport { transport in
                for host in ["localhost", "127.0.0.1"] {
                    let failure = await failure { _ = try await transport.send(request(host, port)) }
                    #expect(failure?.code == .connectFailed)
                    #expect(failure?.message.contains("certificate") ?? false)
                    #expect(await failureCode { _ = try await transport.open(request(host, port)) } == .connectFailed)
                }
            }
        }
        #expect(heard.withLock { $0 } == "")
    }

    @Test("a trusted certificate serves whole answers and streams over one connection")
    func trusted() async throws {
        let body = String(repeating: "x", count: 300_000)
        try await SecureServer.run(plainAnswer(body)) { port in
            try await withTrustingTransport { transport in
                let stream = try await transport.open(request("localhost", port))
                #expect(stream.head.connected != nil)
                #expect(text(try await stream.gather()) == body)
                let whole = try await transport.send(request("localhost", port))
                #expect(whole.head.connected == nil)
                #expect(text(whole.body) == body)
            }
        }
    }

    @Test("a certificate for another name is refused")
    func otherName() async throws {
        try await SecureServer.run(plainAnswer("secret")) { port in
            try await withTrustingTransport { transport in
                let code = await failureCode { _ = try await transport.send(request("127.0.0.1", port)) }
                #expect(code == .connectFailed)
            }
        }
    }

    @Test("a server that does not speak TLS is told so")
    func plainServer() async throws {
        try await RawServer.run { connection, _ in
            _ = try await connection.receive()
            try await connection.send(plainAnswer("hello"))
        } _: { server in
            try await withTransport { transport in
                let code = await failureCode { _ = try await transport.send(request("127.0.0.1", server.port)) }
                #expect(code == .connectFailed)
            }
        }
    }
}
