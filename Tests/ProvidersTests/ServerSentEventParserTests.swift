import Testing

@testable import OrchProviders

@Suite("Server-sent events")
struct ServerSentEventParserTests {
    func events(_ text: String) throws -> [String] {
        var parser = ServerSentEventParser()
        return try parser.feed(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "are read by the standard's rules",
        arguments: [
            ("data: a\n\n", ["a"]), ("data:a\n\n", ["a"]), ("data:  a\n\n", [" a"]), ("data: a\r\n\r\n", ["a"]),
            ("data: a\r\r", ["a"]), ("data: a\r\n\ndata: b\n\r\n", ["a", "b"]), ("data: a\ndata: b\n\n", ["a\nb"]),
            ("data\n\n", [""]), ("data:\n\n", [""]), ("data\ndata\n\n", ["\n"]), ("data: a", []), ("data: a\n", []),
            (": comment\n\n", []), (":\ndata: a\n:\n\n", ["a"]), ("event: x\nid: 1\nretry: 5\n\n", []),
            ("event: x\ndata: a\n\n", ["a"]), ("database: a\n\n", []), ("Data: a\n\n", []), (" data: a\n\n", []),
            ("data : a\n\n", []), ("\n\n\n", []), ("\u{FEFF}data: a\n\n", ["a"]),
            ("data: a\n\n\u{FEFF}data: b\n\n", ["a"]),
            ("data: é\u{2028}😀\u{0B}\u{85}\n\n", ["é\u{2028}😀\u{0B}\u{85}"]),
            ("data: {\"a\":\"b: c\"}\n\n", ["{\"a\":\"b: c\"}"]),
        ] as [(String, [String])])
    func reads(text: String, expected: [String]) throws {
        #expect(try events(text) == expected)
    }

    static let fragments = [
        "data: ", "data", ":", "a", "é", "😀", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\u{FEFF}", " ", "id: 1",
    ]

    @Test("are the same whatever way the bytes are cut", arguments: UInt64(0)..<200)
    func anyCuttingIsTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = (0..<40).map { _ in Self.fragments.randomElement(using: &generator) ?? "" }.joined()
        let bytes = Array(text.utf8)
        var whole = ServerSentEventParser()
        let expected = try whole.feed(bytes)
        for _ in 0..<10 {
            var parser = ServerSentEventParser()
            #expect(try pieces(of: bytes, &generator).flatMap { try parser.feed($0) } == expected)
        }
        var parser = ServerSentEventParser()
        #expect(try bytes.flatMap { try parser.feed([$0]) } == expected)
    }

    @Test("are bounded in size, whether of one line, of many, or without an end")
    func boundsEvents() throws {
        var exact = ServerSentEventParser(maximumEventBytes: 10)
        #expect(try exact.feed(Array("data: abcd\n\n".utf8)).count == 1)
        for text in ["data: abcde\n\n", "data:abcde\ndata:abcde\n\n", "xxxxxxxxxxx", ":0123456789"] {
            var parser = ServerSentEventParser(maximumEventBytes: 10)
            #expect(throws: LineTooLong(limit: 10)) { _ = try parser.feed(Array(text.utf8)) }
        }
        var many = ServerSentEventParser(maximumEventBytes: 10)
        let events = try (0..<100).flatMap { _ in try many.feed(Array("data: abcd\n\n".utf8)) }
        #expect(events.count == 100, "the bound is each event's, not the stream's")
    }

    @Test("that stand before one that is too long are given, whatever way the bytes are cut")
    func givesEventsBeforeFault() {
        let bytes = Array("data: a\n\ndata: b\n\ndata: far too long\n\n".utf8)
        for size in 1...bytes.count {
            var parser = ServerSentEventParser(maximumEventBytes: 10)
            var events: [[UInt8]] = []
            var failed = false
            for start in stride(from: 0, to: bytes.count, by: size) where !failed {
                do { try parser.feed(Array(bytes[start..<min(start + size, bytes.count)]), into: &events) } catch {
                    failed = true
                }
            }
            #expect(failed)
            #expect(events == [[UInt8(ascii: "a")], [UInt8(ascii: "b")]])
        }
    }
}

@Suite("Lines of a stream")
struct LineSplitterTests {
    func lines(_ text: String) throws -> [String] {
        var splitter = LineSplitter(maximumLineBytes: 100)
        let lines = try splitter.feed(Array(text.utf8))
        return (lines + [splitter.finish()].compactMap(\.self)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "end with LF or CRLF, and a CR alone is part of them",
        arguments: [
            ("a\nb\n", ["a", "b"]), ("a\r\nb", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("\n\n", ["", ""]), ("", []),
            ("a", ["a"]),
            ("\u{FEFF}a\n\u{FEFF}b\n", ["a", "\u{FEFF}b"]), ("a\r\r\n", ["a\r"]),
        ] as [(String, [String])])
    func splits(text: String, expected: [String]) throws {
        #expect(try lines(text) == expected)
    }

    @Test("are the same whatever way the bytes are cut", arguments: UInt64(0)..<100)
    func anyCuttingIsTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = (0..<40).map { _ in
            ["{}", "é", "\n", "\r", "\r\n", "\u{FEFF}"].randomElement(using: &generator) ?? ""
        }.joined()
        var splitter = LineSplitter(maximumLineBytes: 1000)
        var cut: [[UInt8]] = []
        for piece in pieces(of: Array(text.utf8), &generator) { try splitter.feed(piece, into: &cut) }
        if let rest = splitter.finish() { cut.append(rest) }
        #expect(try cut.map { String(decoding: $0, as: UTF8.self) } == lines(text))
    }

    @Test("are bounded")
    func boundsLines() throws {
        var splitter = LineSplitter(maximumLineBytes: 3)
        #expect(try splitter.feed(Array("abc\nab".utf8)).count == 1)
        #expect(throws: LineTooLong(limit: 3)) { _ = try splitter.feed(Array("cd".utf8)) }
    }
}
