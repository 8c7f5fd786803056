import Foundation
import OrchCore
import OrchPrivacy

/// What is found in each text of a file, as lines `[{"id","kind","start","end","confidence"}, …]` with offsets in
/// Unicode scalars. Stops where two engines, or the whole text and its pieces, disagree.
enum FindingsReport {
    static func run(_ path: String, minimum: Double) throws {
        let options = Scrubber.Options(replacement: .typed, minimumConfidence: minimum)
        let scrubbers = try PrivacyBenchmark.engines.map { try Scrubber(engine: $0, options: options) }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var output: [UInt8] = []
        var state: UInt64 = 1
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let value = try JSONValue(parsing: Array(line))
            let bytes = Array((value.objectValue?["text"]?.stringValue ?? "").utf8)
            let findings = scrubbers[0].findings(in: bytes)
            for other in scrubbers.dropFirst() where other.findings(in: bytes) != findings {
                throw Disagreement(
                    text:
                        "engines disagree on a text of \(bytes.count) bytes: \(String(decoding: bytes.prefix(200), as: UTF8.self))"
                )
            }
            guard streamed(bytes, scrubbers[0], &state) == findings else {
                throw Disagreement(
                    text: "pieces disagree with the whole: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
            }
            output += bytes.withUnsafeBytes { json(findings, in: $0) }
            output.append(UInt8(ascii: "\n"))
        }
        FileHandle.standardOutput.write(Data(output))
    }

    private static func streamed(_ bytes: [UInt8], _ scrubber: Scrubber, _ state: inout UInt64) -> [Finding] {
        var stream = StreamingScrubber(scrubber)
        var output: [UInt8] = []
        var place = 0
        while place < bytes.count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let end = min(bytes.count, place + 1 + Int(state >> 60))
            stream.push(Array(bytes[place..<end]), into: &output)
            place = end
        }
        stream.finish(into: &output)
        return output == scrubber.scrub(bytes) ? stream.takeFindings() : []
    }

    private static func json(_ findings: [Finding], in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for (finding, range) in zip(findings, ScalarOffsets.ranges(of: findings, in: bytes)) {
            writer.beginObject()
            writer.member("id", finding.id)
            writer.member("kind", finding.kind.rawValue)
            writer.member("start", range.lowerBound)
            writer.member("end", range.upperBound)
            writer.key("confidence")
            writer.number(finding.confidence)
            writer.endObject()
        }
        writer.endArray()
        return writer.bytes
    }

    private struct Disagreement: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }
}
