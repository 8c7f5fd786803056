import Logging
import OrchCore
import Testing

@testable import OrchObservability

/// An error whose description would give something away.
struct LeakyError: Error, CustomStringConvertible {
    var description: String { "secret-prompt" }
}

struct SafeError: CodedError {
    var codeName: String { "provider_timeout" }
    var message: String { "The provider did not answer in time." }
}

@Suite struct LogHandlerTests {
    let capture = LogCapture()

    private func object() throws -> JSONObject {
        let line = try #require(capture.bytes.last)
        #expect(line.last == UInt8(ascii: "\n"))
        return try #require(try JSONValue(parsing: Array(line.dropLast())).objectValue)
    }

    @Test func `A JSON line has time, level, logger, message and sorted metadata`() {
        let logger = capture.logger(json: true)
        logger.info("started", metadata: ["port": .stringConvertible(8088), "b": ["x": "y"], "a": ["one", "two"]])
        #expect(
            capture.text == [
                #"{"time":"2026-01-02T03:04:05.678Z","level":"info","logger":"orch.test","message":"started","#
                    + #""a.0":"one","a.1":"two","b.x":"y","port":8088}"# + "\n"
            ])
    }

    @Test func `A readable line quotes what is not one word`() {
        let metadata: Logger.Metadata = ["took": "1 s", "ok": .stringConvertible(false), "z": ""]
        capture.logger(json: false).warning("slow", metadata: metadata)
        let expected = #"2026-01-02T03:04:05.678Z WARNING orch.test: slow ok=false took="1 s" z="""# + "\n"
        #expect(capture.text == [expected])
    }

    @Test(arguments: [true, false]) func `All texts are redacted, whoever brought them`(json: Bool) {
        struct Telling: CodedError {
            let codeName = "told"
            let message = "the canary says"
        }
        let handler = OrchLogging.handler(
            json: json, label: "l", level: .info, metadataProvider: Logger.MetadataProvider { ["p": "a canary"] },
            redact: { $0.replacing("canary", with: "*").replacing("7", with: "#") }, sink: capture.sink)
        var logger = Logger(label: "l") { _ in handler }
        logger[metadataKey: "l"] = "canary"
        logger.error(
            "my canary", error: Telling(),
            metadata: ["list": ["canary", ["deep": "canary"]], "n": .stringConvertible(7)])
        let line = capture.text.joined()
        #expect(!line.contains("canary"))
        #expect(line.contains("my *") && line.contains("the * says") && line.contains("a *"))
        #expect(line.contains(json ? #""n":7"# : "n=7"))
    }

    @Test func `The handler is a value`() {
        var one = capture.logger(json: true)
        one.logLevel = .debug
        one[metadataKey: "k"] = "1"
        var other = one
        other.logLevel = .error
        other[metadataKey: "k"] = "2"
        #expect(one.logLevel == .debug && other.logLevel == .error)
        #expect(one[metadataKey: "k"] == "1" && other[metadataKey: "k"] == "2")
        other.info("not written")
        #expect(capture.text.isEmpty)
    }

    @Test func `Metadata of the event wins over the provider's and that over the logger's`() throws {
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        var logger = Logger(label: "l") { [capture] label in
            JSONLogHandler(label: label, metadataProvider: provider, includesSource: true, sink: capture.sink)
        }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info("m", metadata: ["b": "event"], source: "Module")
        let object = try object()
        #expect(object["a"] == "provider" && object["b"] == "event" && object["c"] == "logger")
        #expect(object["source"] == "Module")
    }

    static let forgeries = [
        "ok\n{\"level\":\"info\",\"message\":\"forged\"}", "ok\r\nforged", "ok\u{2028}forged\u{2029}", "ok\u{85}forged",
        "\u{1B}[2K\u{1B}[1Aforged", "quote\",\"level\":\"error", "back\\", "back\\\"", "nul\0", "\u{202E}txet",
        "é🙂\u{7F}",
    ]

    @Test(arguments: forgeries) func `No text can end a JSON line or add a member`(text: String) throws {
        let logger = capture.logger(json: true)
        logger.info("\(text)", metadata: ["\(text)": "\(text)", "nested": ["\(text)": ["\(text)"]]])
        let line = try #require(capture.text.last)
        #expect(capture.bytes.count == 1)
        #expect(isOneLine(line))
        let object = try object()
        #expect(object.count == 6)
        #expect(object["message"] == .string(text))
        #expect(object["level"] == "info")
        #expect(object[text] == .string(text))
    }

    @Test(arguments: forgeries) func `No text can end a readable line`(text: String) throws {
        capture.logger(json: false).info("\(text)", metadata: ["\(text)": "\(text)"])
        #expect(isOneLine(try #require(capture.text.last)))
    }

    private func isOneLine(_ line: String) -> Bool {
        let body = line.unicodeScalars.dropLast()
        return line.unicodeScalars.last == "\n"
            && !body.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .format: true
                default: false
                }
            }
    }

    @Test func `Metadata cannot stand in for a fixed member, nor appear twice`() throws {
        let logger = capture.logger(json: true)
        logger.info(
            "real",
            metadata: [
                "message": "fake", "level": "fake", "time": "fake", "truncated": "fake", "a.b": "one",
                "a": ["b": "two"],
                "metadata": ["message": "third"],
            ])
        let object = try object()
        #expect(object["message"] == "real" && object["level"] == "info")
        #expect(object["metadata.level"] == "fake")
        #expect(object.keys.filter { $0 == "a.b" }.count == 1)
    }

    @Test(arguments: [true, false]) func `A line is at most 16 KiB and says that it was cut`(json: Bool) throws {
        let logger = capture.logger(json: json)
        let filler = ["a", "é", "\n", "🙂", "\"", "\u{2028}"]
        for (index, piece) in filler.enumerated() {
            let long = String(repeating: piece, count: 20_000 + index)
            logger.info("\(long)", metadata: Dictionary(uniqueKeysWithValues: (0..<100).map { ("k\($0)", "\(long)") }))
        }
        logger.info("m", metadata: ["\(String(repeating: "\n", count: 20_000))": "v"])
        for line in capture.bytes {
            #expect(line.count <= 16 * 1024)
            #expect(String(validating: line, as: UTF8.self) != nil)
        }
        for line in capture.bytes.dropLast() {
            #expect(line.count > 15 * 1024)
            let text = String(decoding: line, as: UTF8.self)
            #expect(text.hasSuffix(json ? ",\"truncated\":true}\n" : "…\n"))
            if json { #expect(try JSONValue(parsing: Array(line.dropLast())).objectValue != nil) }
        }
    }

    @Test func `A message that alone is too long leaves room for metadata`() throws {
        let long = String(repeating: "x", count: 100_000)
        capture.logger(json: true).info("\(long)", metadata: ["request_id": "r-1"])
        let object = try object()
        #expect(object["request_id"] == "r-1" && object["truncated"] == true)
        #expect(object["message"]?.stringValue?.utf8.count == LogLine.maximumMessageLength)
    }

    @Test func `Errors of ours show code and message, others only their type`() throws {
        let logger = capture.logger(json: true)
        logger.error("failed", error: SafeError())
        #expect(try object()["error"] == "provider_timeout")
        #expect(try object()["error_message"] == "The provider did not answer in time.")
        logger.error("failed", error: LeakyError())
        #expect(try object()["error"] == "LeakyError")
        #expect(!capture.text.joined().contains("secret-prompt"))
    }

    @Test func `Deep and wide metadata is bounded`() throws {
        var deep: Logger.MetadataValue = "end"
        for _ in 0..<100 { deep = ["d": deep] }
        capture.logger(json: true).info("m", metadata: ["deep": deep])
        #expect(try object()["deep.d.d.d"] == "[nested]")
        let wide = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("k\($0)", Logger.MetadataValue.string("v")) })
        capture.logger(json: true).info("m", metadata: wide)
        #expect(try object().count == 4 + LogFields.maximumCount)
    }
}
