import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Synchronization
import Testing

@Suite("The egress guard before every connection")
struct EgressEnforcementTests {
    private func request(_ host: String, _ port: Int, tls: Bool = false) -> OutboundRequest {
        OutboundRequest(
            .get, Endpoint(host: host, port: port, usesTLS: tls), path: "/", timeout: RawConnection.patience)
    }

    /// A listener that nothing may reach, and what the transport reported.
    private func unreached(
        allowing allowlist: [String], _ body: (HTTPTransport, Int) async throws -> Void
    ) async throws -> [EgressOutcome] {
        let outcomes = Mutex<[EgressOutcome]>([])
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("you should not be here"))
        } _: { server in
            try await withTransport(
                allowing: allowlist, observe: { outcome in outcomes.withLock { $0.append(outcome) } },
                { try await body($0, server.port) })
            #expect(server.connectionCount == 0)
        }
        return outcomes.withLock { $0 }
    }

    @Test(
        "nothing reaches a place that no entry allows, whatever its address is written as",
        arguments: [
            "127.0.0.1", "localhost", "LOCALHOST", "::1", "::ffff:127.0.0.1", "0:0:0:0:0:ffff:7f00:1", "127.1",
            "2130706433", "0x7f000001", "017700000001",
        ])
    func refused(host: String) async throws {
        for allowlist in [[], ["10.0.0.0/8:*", "example.com:443"]] {
            let outcomes = try await unreached(allowing: allowlist) { transport, port in
                for tls in [false, true] {
                    let code = await failureCode { _ = try await transport.send(request(host, port, tls: tls)) }
                    #expect(code == .refusedByPolicy)
                    let streamCode = await failureCode { _ = try await transport.open(request(host, port, tls: tls)) }
                    #expect(streamCode == .refusedByPolicy)
                }
            }
            #expect(outcomes == [.refused, .refused, .refused, .refused])
        }
    }

    @Test("the refusal names the setting")
    func refusalNamesSetting() async throws {
        _ = try await unreached(allowing: []) { transport, port in
            let failure = await failure { _ = try await transport.send(request("127.0.0.1", port)) }
            #expect(failure?.message.contains("ORCH_EGRESS_ALLOWLIST") ?? false)
        }
    }

    @Test("an entry for another port does not count")
    func otherPort() async throws {
        _ = try await unreached(allowing: ["127.0.0.1:1", "loopback:1"]) { transport, port in
            #expect(await failureCode { _ = try await transport.send(request("127.0.0.1", port)) } == .refusedByPolicy)
        }
    }

    @Test("a name that leads to an address of this machine is refused where only loopback names are allowed")
    func foreignNameToLoopback() async throws {
        // Resolvers read these as 127.0.0.1, though they are neither an address to us nor a local name.
        for name in ["127.1", "2130706433"] {
            _ = try await unreached(allowing: ["loopback"]) { transport, port in
                #expect(await failureCode { _ = try await transport.send(request(name, port)) } == .refusedByPolicy)
            }
        }
    }

    @Test(
        "loopback reaches this machine by address and by name",
        arguments: ["127.0.0.1", "localhost", "::ffff:127.0.0.1"])
    func allowed(host: String) async throws {
        let outcomes = Mutex<[EgressOutcome]>([])
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("ok"))
        } _: { server in
            try await withTransport(observe: { outcome in outcomes.withLock { $0.append(outcome) } }) { transport in
                let head = try await transport.send(request(host, server.port)).head
                #expect(head.connected?.address == "127.0.0.1")
                #expect(head.connected?.endpoint.host == host)
            }
        }
        #expect(outcomes.withLock { $0 } == [.connected])
    }

    @Test("where nobody listens, the failure says so")
    func nobodyListens() async throws {
        let port = try await RawServer.run({ _, _ in }) { server in server.port }
        let outcomes = Mutex<[EgressOutcome]>([])
        try await withTransport(observe: { outcome in outcomes.withLock { $0.append(outcome) } }) { transport in
            #expect(await failureCode { _ = try await transport.send(request("127.0.0.1", port)) } == .connectFailed)
        }
        #expect(outcomes.withLock { $0 } == [.failed])
    }

    @Test("a name that does not exist is told apart from a server that is down")
    func unknownName() async throws {
        try await withTransport(allowing: ["name.invalid:80"]) { transport in
            #expect(await failureCode { _ = try await transport.send(request("name.invalid", 80)) } == .unresolvable)
        }
    }
}
