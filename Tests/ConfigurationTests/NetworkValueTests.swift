import OrchCore
import Testing

@testable import OrchConfiguration

struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", [0, 0, 0, 0]), ("127.0.0.1", [127, 0, 0, 1]), ("255.255.255.255", [255, 255, 255, 255]),
    ])
    func `IPv4 is four numbers`(text: String, bytes: [UInt8]) {
        #expect(IPAddress(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.04", "1.2.3.-4", "1.2.3.", "0x7f.0.0.1", "1.2.3.4 ", "１.2.3.4",
    ])
    func `anything else is not IPv4`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("::", [UInt8](repeating: 0, count: 16)),
        ("::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("0:0:0:0:0:0:0:1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("fd00::", [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("2001:DB8::a:b", [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0, 0x0b]),
        ("1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]),
        ("::ffff:127.0.0.1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1]),
        ("1:2:3:4:5:6:1.2.3.4", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4]),
    ])
    func `IPv6 is eight groups, some left out`(text: String, bytes: [UInt8]) {
        #expect(IPAddress(text)?.bytes == bytes)
    }

    @Test(arguments: [
        ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0",
        "[::1]", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
    ])
    func `anything else is not IPv6`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: ["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"])
    func `loopback addresses are known`(text: String) {
        #expect(IPAddress(text)?.isLoopback == true)
    }

    @Test(arguments: ["0.0.0.0", "128.0.0.1", "::", "::2", "::ffff:10.0.0.1", "1::1", "::127.0.0.1"])
    func `others are not loopback`(text: String) {
        #expect(IPAddress(text)?.isLoopback == false)
    }
}

struct HostNameTests {
    @Test(arguments: [
        ("LocalHost", "localhost"), ("a-b.example_1.org", "a-b.example_1.org"), ("[::1]", "::1"),
        ("10.0.0.1", "10.0.0.1"),
    ])
    func `a host is a name or an address`(text: String, host: String) {
        #expect(HostName(text)?.text == host)
    }

    @Test(arguments: [
        "", "a..b", "-a", "a-", "a b", "a:80", "ä.org", "127.1", "2130706433", "0x7f000001", "1.2.3.256", "[10.0.0.1]",
        "[]", String(repeating: "a", count: 64), "fe80::1%eth0", "a.",
    ])
    func `what some resolver would take for something else is refused`(text: String) {
        #expect(HostName(text) == nil)
    }
}

struct ServiceURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("HTTPS://Api.Example.org/v1/", "https://api.example.org:443/v1"),
        ("http://[::1]/", "http://[::1]:80"),
        ("http://a//", "http://a:80"),
    ])
    func `a base URL has its parts`(text: String, canonical: String) throws {
        #expect(try SettingType.httpURL.parse(text).description == canonical)
    }

    @Test(arguments: [
        "", "127.0.0.1:11434", "http:/a", "http:///v1", "http://", "ftp://a", "http://a b", "http://a:b", "http://a:0",
        "http://a:65536", "http://::1/", "http://a#b", "http://ä", "http://user:hunter2@a", "http://a?key=hunter2",
        "redis://a", "http://127.1",
    ])
    func `what is no base URL is refused, and nothing of it repeated`(text: String) {
        let fault = #expect(throws: SettingFault.self) { try SettingType.httpURL.parse(text) }
        #expect(fault?.reason.contains("hunter2") == false)
    }

    @Test func `credentials are kept apart`() throws {
        let type = SettingType.url(["redis"], example: "redis://a")
        let url = try type.parse("redis://u:p@ss@host/0?x=y")
        #expect(url.credentials?.exposed == "u:p@ss")
        #expect(url.query?.exposed == "x=y")
        #expect("\(url)" == "redis://host:6379/0")
    }

    @Test(arguments: [
        ("redis://u:hunter2@host/0", "redis://[redacted]@host/0"),
        ("redis://u:hunter2@x@host/0", "redis://[redacted]@host/0"),
        ("redis://u:hun?ter2#hunter2@host", "redis://[redacted]@host"),
        ("u:hunter2@host", "[redacted]@host"),
        ("postgresql://host/db?password=hunter2", "postgresql://host/db?[redacted]"),
        ("http://host/a#hunter2", "http://host/a#[redacted]"),
        ("http://host/a", "http://host/a"),
    ])
    func `what may be secret in a URL is not shown`(text: String, shown: String) {
        #expect(ServiceURL.withoutSecrets(text) == shown)
        #expect(!shown.contains("hunter2"))
    }
}
