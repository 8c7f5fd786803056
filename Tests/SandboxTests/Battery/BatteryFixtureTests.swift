import OrchCore
import Testing

@testable import OrchSandbox

@Suite struct BatteryFixtureTests {
    private let fixture = BatteryFixture(
        tcpAddress: "127.0.0.1:4000", udpAddress: "127.0.0.1:4001", abstractSocket: "orch-a",
        abstractDatagramSocket: "orch-d", unixSocket: "/tmp/a b/\"quoted\"\\.sock", temporaryFile: "/tmp/canary",
        homeFile: "/home/ü/canary\n", hostProcess: 4711, toolFile: "/tools/known.py", variable: "ORCH_BATTERY_VARIABLE")

    @Test func `a fixture is what the battery reads`() {
        let expected: JSONValue = [
            "public_addresses": ["192.0.2.1:80", "1.1.1.1:443"],
            "resolvers": ["127.0.0.53:53", "8.8.8.8:53"],
            "tcp_address": "127.0.0.1:4000",
            "udp_address": "127.0.0.1:4001",
            "abstract_socket": "orch-a",
            "abstract_datagram_socket": "orch-d",
            "unix_socket": "/tmp/a b/\"quoted\"\\.sock",
            "temporary_file": "/tmp/canary",
            "home_file": "/home/ü/canary\n",
            "host_process": 4711,
            "tool_folder": "/tools",
            "tool_file": "/tools/known.py",
            "variable": "ORCH_BATTERY_VARIABLE",
            "bound_divisor": 1,
        ]
        #expect(JSONValue.object(fixture.json) == expected)
    }

    @Test func `every member is read by the battery, and no other is`() {
        let text = EscapeAttempt.battery
        var read: Set<String> = []
        for opening in ["fixture[\"", "fixture.get(\""] {
            for part in text.split(separator: opening, omittingEmptySubsequences: false).dropFirst() {
                read.insert(String(part.prefix { $0 != "\"" }))
            }
        }
        #expect(read == Set(fixture.json.keys))
    }

    /// JSON has three words that Python writes differently.
    @Test func `every value is written alike in JSON and in Python`() {
        for member in fixture.json.members {
            switch member.value {
            case .string, .integer: break
            case .array(let elements): #expect(elements.allSatisfy { $0.kind == .string })
            default: Issue.record("\(member.key)")
            }
        }
    }

    @Test func `a program is the battery and one call`() throws {
        let attempt = try #require(EscapeAttempt.all.first)
        let program = attempt.program(fixture)
        #expect(program.hasPrefix(EscapeAttempt.battery))
        let call = try #require(program.split(separator: "\n").last)
        #expect(call.hasPrefix("attempt(\"\(attempt.name)\", {\"public_addresses\":[") && call.hasSuffix("})"))
    }

    /// Linux takes 128 KiB as one argument; the rest is for the fixture's paths.
    @Test func `the battery is plain text that fits in an argument`() {
        #expect(EscapeAttempt.battery.utf8.count < 100 << 10)
        #expect(EscapeAttempt.battery.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    }
}
