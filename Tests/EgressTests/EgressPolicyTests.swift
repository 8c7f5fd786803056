import OrchEgress
import Testing

@Suite("Where the process may connect to")
struct EgressPolicyTests {
    func endpoint(_ text: String) throws -> Endpoint {
        let colon = try #require(text.lastIndex(of: ":"))
        return Endpoint(host: String(text[..<colon]), port: try #require(Int(text[text.index(after: colon)...])))
    }

    /// Whether a connection comes about: the name may be looked up, and the address that it has may be reached.
    func connects(_ allowlist: [String], _ endpoint: String, _ address: String) throws -> Bool {
        let policy = try EgressPolicy(allowlist: allowlist)
        let endpoint = try self.endpoint(endpoint)
        let address = try #require(IPAddress(address))
        return policy.mayResolve(endpoint) && policy.allows(address, for: endpoint)
    }

    @Test(
        "is where an entry says",
        arguments: [
            ("loopback", "127.0.0.1:1", "127.0.0.1"), ("loopback", "localhost:11434", "127.0.0.1"),
            ("LOOPBACK", "LocalHost:11434", "::1"), ("loopback", "a.localhost:80", "::1"),
            ("loopback:80", "::1:80", "::1"),
            ("loopback:*", "127.9.9.9:80", "127.9.9.9"), ("Example.com:443", "example.COM:443", "93.184.216.34"),
            ("example.com:*", "example.com:8443", "2606:2800:220:1::1"), ("10.0.0.5:8000", "10.0.0.5:8000", "10.0.0.5"),
            ("10.0.0.0/8:8000", "model.internal:8000", "10.0.0.5"), ("[fd00::5]:80", "fd00::5:80", "fd00::5"),
            ("[fd00::]/8:80", "box:80", "fd00::7"), ("10.0.0.5:8000", "::ffff:10.0.0.5:8000", "::ffff:10.0.0.5"),
            ("169.254.169.254:80", "169.254.169.254:80", "169.254.169.254"),
        ])
    func allows(entry: String, endpoint: String, address: String) throws {
        #expect(try connects([entry], endpoint, address))
    }

    @Test(
        "is nowhere else",
        arguments: [
            ("loopback", "10.0.0.1:80", "10.0.0.1"), ("loopback", "evil.example:80", "127.0.0.1"),
            ("loopback", "localhost.evil.example:80", "127.0.0.1"), ("loopback", "localhost:80", "10.0.0.1"),
            ("loopback:80", "127.0.0.1:81", "127.0.0.1"), ("loopback", "0.0.0.0:80", "0.0.0.0"),
            ("example.com:443", "example.com:80", "93.184.216.34"),
            ("example.com:443", "sub.example.com:443", "93.184.216.34"),
            ("example.com:443", "example.com.evil:443", "93.184.216.34"),
            ("example.com:443", "93.184.216.34:443", "93.184.216.34"),
            ("10.0.0.5:8000", "10.0.0.6:8000", "10.0.0.6"), ("10.0.0.0/8:8000", "model.internal:8000", "11.0.0.1"),
            ("[fd00::]/8:80", "box:80", "fc00::7"), ("0.0.0.0/0:80", "::1:80", "::1"),
            ("[::]/0:80", "127.0.0.1:80", "127.0.0.1"),
        ])
    func refuses(entry: String, endpoint: String, address: String) throws {
        #expect(try !connects([entry], endpoint, address))
    }

    @Test(
        "is not a private place that a listed name points to",
        arguments: [
            "127.0.0.1", "10.0.0.1", "192.168.0.1", "169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "::1",
            "fe80::1",
            "0.0.0.0", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "100.100.100.200", "224.0.0.1",
        ])
    func namesReachPublicAddressesOnly(address: String) throws {
        #expect(try !connects(["example.com:443"], "example.com:443", address))
        let listed = address.contains(":") ? "[\(address)]:443" : "\(address):443"
        #expect(try connects(["example.com:443", listed], "example.com:443", address))
    }

    @Test("A name is looked up only where an entry could allow it")
    func lookups() throws {
        let names = try EgressPolicy(allowlist: ["loopback", "example.com:443"])
        #expect(names.mayResolve(Endpoint(host: "example.com", port: 443)))
        #expect(!names.mayResolve(Endpoint(host: "example.com", port: 80)))
        #expect(!names.mayResolve(Endpoint(host: "other.example", port: 443)))
        #expect(!names.mayResolve(Endpoint(host: "10.0.0.1", port: 443)))
        #expect(try !EgressPolicy(allowlist: []).mayResolve(Endpoint(host: "localhost", port: 1)))
    }

    @Test(
        "An entry that cannot be read is an error that names it",
        arguments: [
            "", "example.com", "example.com:", "example.com:0", "example.com:65536", "example.com:http",
            "example.com:-1", ":80",
            "10.0.0.1", "10.0.0.0/33:80", "::1:80", "fe80::/10:80", "https://example.com:443", "example.com/path:80",
            "exa mple:80",
            "user@example.com:80", "*:443", "*.example.com:443", "-a.example:80", "exämple.com:80", "[zz::]:80",
        ])
    func invalidEntries(entry: String) {
        #expect {
            _ = try EgressPolicy(allowlist: ["loopback", entry])
        } throws: { error in
            let error = error as? EgressError
            return error?.code == .invalidEntry && error?.message.contains("'\(entry)'") == true
        }
    }

    @Test("A refusal names the place and the setting")
    func refusalMessage() {
        let error = EgressError.refused(Endpoint(host: "fd00::1", port: 80))
        #expect(error.codeName == "egress_refused")
        #expect(error.message.contains("[fd00::1]:80") && error.message.contains("ORCH_EGRESS_ALLOWLIST"))
    }

    @Test(
        "An entry with brackets or signs where none belong is refused",
        arguments: ["1[0.0.0.1:80", "10.0.0.1]:80", "[10.0.0.1:80", "example.com:+80", "[10.0.0.1]:80"])
    func laxEntries(entry: String) {
        #expect(throws: EgressError.self) { _ = try EgressPolicy(allowlist: [entry]) }
    }

    @Test(
        "An entry that is a number in another notation is no name",
        arguments: ["0x7f000001:80", "2130706433:80", "0177.0.0.1:80"])
    func numericNames(entry: String) {
        #expect(throws: EgressError.self) { _ = try EgressPolicy(allowlist: [entry]) }
    }

    @Test("Loopback stays closed to other names where a range lets them be looked up")
    func rangeDoesNotOpenLoopback() throws {
        let allowlist = ["loopback", "10.0.0.0/8:80"]
        #expect(try connects(allowlist, "box.internal:80", "10.0.0.1"))
        let reached = try connects(allowlist, "evil.example:80", "127.0.0.1")
        #expect(!reached)
    }

    @Test("Localhost by name and port is loopback at that port")
    func localhostEntry() throws {
        let reached = try connects(["localhost:11434"], "localhost:11434", "127.0.0.1")
        #expect(reached)
    }
}
