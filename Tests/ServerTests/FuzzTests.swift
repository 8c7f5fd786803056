import NIOCore
import OrchCore
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchServer

/// Valid requests, bent at random: whatever comes of it, the server stands, and says what is wrong in its own form.
@Suite("Mutated requests")
struct FuzzTests {
    static let requests = 10_000
    static let seed: UInt64 = 0x0BAD_5EED

    @Test("ten thousand of them give no crash, no failure of the server's own, and only answers of the specified form")
    func mutatedRequests() async throws {
        var options = TestServer.Options()
        options.provider = nil
        options.maximumBodyBytes = 20_000
        options.limits = .init(silence: .milliseconds(80), linger: .milliseconds(20))
        try await TestServer.run(options) { server in
            let tally = Tally()
            let lanes = 16
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        var mutator = Mutator(seed: Self.seed &+ UInt64(lane))
                        for _ in 0..<Self.requests / lanes {
                            let bytes = mutator.next()
                            for status in try await Self.answers(to: bytes, of: server) {
                                tally.count(status)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let seen = tally.counts
            // The mutations reach past the first check, and most are refused.
            for status in [200, 400, 401, 403, 404, 405, 413, 431] {
                #expect(seen[status] ?? 0 > 0, "no answer was \(status): \(seen)")
            }
            try await server.expect(200, for: .chat())
        }
    }

    /// Sends the bytes on a connection of their own, and checks all that comes back until it closes.
    private static func answers(to bytes: [UInt8], of server: TestServer) async throws -> [Int] {
        let connection = try server.connect()
        defer { connection.close() }
        do { try await connection.send(bytes) } catch {
            // Some are refused, and their connection closed, before they are sent whole.
        }
        let reader = RawHTTPReader(connection)
        let isHead = bytes.starts(with: Array("HEAD ".utf8))
        var statuses: [Int] = []
        do {
            while let answer = try await reader.message(isToHead: isHead) {
                statuses.append(answer.status)
                check(answer, isHead: isHead, bytes)
                // A connection that is kept would wait for more.
                if statuses.count == 1 { connection.closeOutput() }
            }
        } catch let failure as SocketFailure where failure.isReset {
            // Closed on bytes that the server did not want.
        } catch let failure as SocketFailure where failure.isTimeout {
            Issue.record("neither an answer nor an end for \(describe(bytes))")
        } catch is MalformedMessage where !statuses.isEmpty {
            // The answer to a further request, cut off because its client left.
        }
        if statuses.isEmpty { Issue.record("no answer to \(describe(bytes))") }
        return statuses
    }

    private static func check(_ answer: RawMessage, isHead: Bool, _ bytes: [UInt8]) {
        if answer.status >= 500, answer.status != 503 || code(answer) == "cancelled" {
            Issue.record("\(answer.status) to \(describe(bytes))")
        }
        guard answer.status >= 400, !isHead else { return }
        let error = answer.json?.objectValue?["error"]?.objectValue
        if error?.keys.sorted() != ["code", "message", "param", "type"] || code(answer) == nil
            || answer["content-type"] != "application/json" || answer["x-request-id"] == nil
        {
            Issue.record("an answer of another form, \(answer.startLine), to \(describe(bytes))")
        }
    }

    private static func code(_ answer: RawMessage) -> String? { answer[["error", "code"]]?.stringValue }

    private static func describe(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(2000), as: UTF8.self).debugDescription
    }
}

/// How often each status was answered.
private final class Tally: Sendable {
    private let state = Mutex<[Int: Int]>([:])
    var counts: [Int: Int] { state.withLock { $0 } }
    func count(_ status: Int) { state.withLock { $0[status, default: 0] += 1 } }
}

/// Makes requests out of valid ones.
struct Mutator {
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    private static let bodies: [(path: String, json: String)] = [
        ("/echo", #"{"message":"hello there"}"#),
        (
            "/v1/chat/completions",
            #"{"model":"auto","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"#
                + #"[{"type":"text","text":"hi"}],"metadata":{"priority":3}}],"stream":true,"temperature":0.5,"#
                + #""stream_options":{"include_usage":true},"stop":["a","b"],"tools":[{"type":"function"}],"seed":7}"#
        ),
        ("/v1/agents/holly/chat", #"{"messages":[{"role":"user","content":"hé \u00e9 \ud83d\ude00"}],"n":1}"#),
        ("/v1/tools/execute", #"{"name":"safe_calc","args":{"expression":"1+2*3"},"approval_token":null}"#),
        ("/v1/embeddings", #"{"input":["one","two"],"encoding_format":"float","dimensions":5}"#),
    ]
    private static let paths = [
        "/health", "/ready", "/v1/models", "/v1/models/agent/Holly", "/v1/tools", "/v1/agents", "/v1/agents/holly",
        "/openapi.json", "/metrics",
    ]
    private static let pieces: [String] = [
        "\r\n", "\n", "\r", "\0", ":", " ", "%", "%zz", "%00", "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",",
        "null",
        "-", "1e999", "99999999999999999999999", "-0", "0.1e-400", "\u{FEFF}", "\u{7F}", "é", "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n", "Upgrade: h2c\r\n",
        "Host: evil.example\r\n", "Origin: http://evil.example\r\n", "?debug=1", "/", "..", "//", "HTTP/1.0", "HEAD",
        "\u{2028}", "{\"a\":1,\"a\":2}", "true", "false",
    ]

    mutating func next() -> [UInt8] {
        var request: RawRequest
        if random.below(4) == 0 {
            request = .get(pick(Self.paths))
        } else {
            let (path, json) = pick(Self.bodies)
            request = .post(path, random.below(3) > 0 ? bent(json) : json)
        }
        switch random.below(12) {
        case 0: request.method = pick(["PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "PO ST", ""])
        case 1: request.version = pick(["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", ""])
        case 2: request.host = pick(["localhost:1", "evil.example", "[::1]", "", "localhost\u{0}", "a b"])
        case 3: request.token = pick([nil, "", "wrong", String(repeating: "t", count: 9000)])
        case 4: request.path = String(request.path.map { random.below(8) == 0 ? "%" : $0 })
        case 5: request.path += pick(["/", "?", "?a=%zz", "#x", "%2e%2e", String(repeating: "/x", count: 9000)])
        case 6: for number in 0..<random.below(200) { request = request.with("x-\(number)", "y") }
        case 7: request = request.with(pick(["x", "Expect", "Connection", "Upgrade", "Cookie"]), pick(Self.pieces))
        default: break
        }
        var bytes = Array(request.text.utf8)
        if random.below(3) == 0 {
            for _ in 0...random.below(4) { bend(&bytes) }
        }
        if random.below(25) == 0 { bytes += Array(RawRequest.get("/health").text.utf8) }
        return bytes.isEmpty ? [0] : bytes
    }

    /// A body that may be JSON no more, or JSON of another shape.
    private mutating func bent(_ json: String) -> String {
        switch random.below(9) {
        case 0:
            let depth = 1 << random.below(12)
            return String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        case 1: return json.replacing("\"hi\"", with: String(repeating: "9", count: 1 + random.below(400)))
        case 2: return String(repeating: json, count: 2)
        case 3:
            let wrong = pick(["null", "7", "-1.5e300", "\"text\"", "[]", "{}", "true", "[[[]]]", "{\"a\":{}}"])
            let values = json.matches(of: /:("[^"]*"|[0-9.]+|true|null)/)
            guard !values.isEmpty else { return wrong }
            let value = values[random.below(values.count)]
            return json.replacingCharacters(in: value.range, with: ":\(wrong)")
        case 4:
            let messages = String(repeating: #"{"role":"user","content":"x"},"#, count: random.below(400))
            return #"{"messages":[\#(messages)]}"#
        case 5: return "{\"message\":\"" + String(repeating: "x", count: random.below(40_000)) + "\"}"
        default:
            var bytes = Array(json.utf8)
            for _ in 0...random.below(3) { bend(&bytes) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private mutating func bend(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = random.below(bytes.count)
        let length = random.below(min(40, bytes.count - place) + 1)
        switch random.below(7) {
        case 0: bytes[place] ^= 1 << random.below(8)
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 4: bytes.insert(contentsOf: Array(pick(Self.pieces).utf8), at: place)
        case 5: bytes.insert(UInt8(random.below(256)), at: place)
        default:
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            lines.swapAt(random.below(lines.count), random.below(lines.count))
            bytes = Array(lines.joined(separator: [0x0A]))
        }
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element { list[random.below(list.count)] }
}

/// SplitMix64, so that a seed means the same requests everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
