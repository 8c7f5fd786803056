import OrchCore
import OrchPrivacy
import Testing

@testable import OrchCommandLine

/// `orch scrub --json`
struct ScrubLinesTests {
    private static let key = ScrubCommandTests.key

    private func scrub(_ text: String, _ arguments: String...) async -> Run {
        await orch(["scrub", "--json"] + arguments, pieces: [Array(text.utf8)])
    }

    @Test func `each line gives one, with findings and text`() async throws {
        let run = await scrub(
            """
            {"text":"key \(Self.key)!"}
            {"id":7,"text":"nothing"}
            {"text":""}\r
            {"text":"last"}
            """, "--typed")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(
            run.out == """
                {"findings":[{"id":"github-pat","start":4,"end":\(4 + Self.key.count),"confidence":0.95}],\
                "text":"key [REDACTED:github-pat]!"}
                {"findings":[],"text":"nothing"}
                {"findings":[],"text":""}
                {"findings":[],"text":"last"}

                """)
    }

    @Test func `offsets count Unicode scalars of the text that was given`() async throws {
        let text = "é👩‍💻\n\"jo@ex\u{200B}ample.org\" e\u{301} \(Self.key)"
        let input = JSONValue.object(["text": .string(text)]).serialized
        let run = await orch(["scrub", "--json"], pieces: [input])
        let answer = try #require(try run.json().objectValue)
        let scalars = Array(text.unicodeScalars)
        let found = try #require(answer["findings"]?.arrayValue).map { finding in
            let start = try #require(finding.objectValue?["start"]?.intValue)
            let end = try #require(finding.objectValue?["end"]?.intValue)
            return String(String.UnicodeScalarView(scalars[start..<end]))
        }
        #expect(found == ["jo@ex\u{200B}ample.org", Self.key])
        #expect(answer["text"] == .string("é👩‍💻\n\"[REDACTED]\" e\u{301} [REDACTED]"))
    }

    @Test(arguments: [
        ("{\"text\":", "line 2 is not valid JSON: unexpected end of text at column 9"),
        ("", "line 2 is not valid JSON: unexpected end of text at column 1"),
        ("{\"text\": \"a\" b}", "line 2 is not valid JSON: expected ',' or '}' at column 14"),
        ("{\"text\":\"a\",\"text\":\"b\"}", "line 2 is not valid JSON: duplicate key at column 13"),
        ("{\"text\":7}", "line 2 is not an object with a text: {\"text\": \"…\"}"),
        ("{\"txet\":\"a\"}", "line 2 is not an object with a text: {\"text\": \"…\"}"),
        ("[\"text\"]", "line 2 is not an object with a text: {\"text\": \"…\"}"),
    ]) func `a malformed line is told by its number, and nothing before it is lost`(line: String, fault: String) async {
        let run = await scrub("{\"text\":\"jo@example.org\"}\n\(line)\n{\"text\":\"more\"}\n")
        #expect(run.status == 65)
        #expect(run.out.hasSuffix(",\"text\":\"[REDACTED]\"}\n"))
        #expect(run.out.split(separator: "\n").count == 1)
        #expect(run.err == "orch: \(fault)\n")
    }

    @Test func `a malformed last line without a line feed is told too`() async {
        let run = await scrub("{\"text\":\"one\"}\n{\"text\":\"tw")
        #expect(run.status == 65)
        #expect(run.out == "{\"findings\":[],\"text\":\"one\"}\n")
        #expect(run.err.hasPrefix("orch: line 2 is not valid JSON: "))
    }

    @Test func `a fault does not repeat the line`() async {
        let run = await scrub("{\"text\": \(Self.key)}\n")
        #expect(run.status == 65)
        #expect(!run.err.contains("ghp_"))
    }

    @Test func `bytes that are no UTF-8 are no JSON`() async {
        let run = await orch(["scrub", "--json"], pieces: [Array(#"{"text":""#.utf8) + [0xFF] + Array("\"}\n".utf8)])
        #expect(run.status == 65)
        #expect(run.err == "orch: line 1 is not valid JSON: invalid UTF-8 at column 10\n")
    }

    @Test func `a line that is too long is told before it is whole`() async {
        let first = Array("{\"text\":\"one\"}\n".utf8)
        let long = [UInt8](repeating: UInt8(ascii: " "), count: ScrubbedLines.maximumBytes)
        let run = await orch(["scrub", "--json"], pieces: [first, long, [UInt8(ascii: " ")]])
        #expect(run.status == 65)
        #expect(run.out == "{\"findings\":[],\"text\":\"one\"}\n")
        #expect(run.err == "orch: line 2 is longer than 16777216 bytes\n")
    }

    @Test(arguments: [(20, true), (21, false)]) func `the longest line is taken`(count: Int, isTaken: Bool) throws {
        let text = String(repeating: "a", count: count - 11)
        let line = Array("{\"text\":\"\(text)\"}\n".utf8)
        #expect(line.count == count + 1)
        for size in [1, 7, line.count] {
            var lines = ScrubbedLines(try Scrubber(engine: PortableScanEngine()), maximumBytes: 20)
            var output: [UInt8] = []
            do {
                for start in stride(from: 0, to: line.count, by: size) {
                    try line[start...].prefix(size).withUnsafeBytes { try lines.push($0, into: &output) }
                }
                #expect(isTaken)
                #expect(String(decoding: output, as: UTF8.self) == "{\"findings\":[],\"text\":\"\(text)\"}\n")
            } catch let failure as CommandFailure {
                #expect(!isTaken)
                #expect(failure == CommandFailure(.malformedData, "line 1 is longer than 20 bytes"))
            }
        }
    }

    @Test func `lines are found however the input is cut`() async {
        let text = Array("{\"text\":\"a jo@example.org\"}\n{\"text\":\"b\"}\n{\"text\":\"😀\"}".utf8)
        let whole = await orch(["scrub", "--json"], pieces: [text])
        #expect(whole.out.split(separator: "\n").count == 3)
        for size in [1, 2, 5, 27, 28, 29] {
            let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0...].prefix(size)) }
            #expect(await orch(["scrub", "--json"], pieces: pieces).outBytes == whole.outBytes)
        }
    }

    @Test func `JSON on a terminal keeps its meaning and cannot steer it`() async throws {
        let input = JSONValue.object(["text": "a\u{9B}2J\u{202E}"]).serialized
        let run = await orch(["scrub", "--json"], pieces: [input], isTerminal: true)
        #expect(run.out.hasSuffix(#""text":"a\u009b2J\u202e"}"# + "\n"))
        #expect(try run.json().objectValue?["text"] == "a\u{9B}2J\u{202E}")
    }
}
