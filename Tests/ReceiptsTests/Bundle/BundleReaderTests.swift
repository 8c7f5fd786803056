import OrchCore
import OrchReceipts
import Testing

@Suite("Files that are no receipt bundles")
struct BundleReaderTests {
    private let sample = BundleSample()

    /// The message with which a file is refused.
    private func fault(_ bytes: [UInt8]) -> String? {
        do throws(BundleError) { _ = try ReceiptBundle(parsing: bytes) } catch {
            #expect(error.code == .malformed && error.codeName == "malformed_bundle")
            return error.message
        }
        return nil
    }

    /// The sample with one member set to something else.
    private func fault(_ path: String..., set value: JSONValue?) throws -> String? {
        fault(try JSONValue(parsing: try sample.bundle().bytes).setting(path[...], to: value).serialized)
    }

    @Test("Are refused with what is wrong with them")
    func notJSON() throws {
        #expect(fault([])?.contains("not valid JSON") == true)
        #expect(fault(Array("null".utf8)) == "this is no receipt bundle: the file is no object")
        #expect(fault(Array("{}".utf8)) == "this is no receipt bundle: the file has no member format")
        #expect(fault(try sample.bundle().bytes + Array("{}".utf8))?.contains("not valid JSON") == true)
        #expect(fault([0xEF, 0xBB, 0xBF] + (try sample.bundle().bytes)) != nil)
        #expect(fault(try sample.bundle().bytes.dropLast(2))?.contains("not valid JSON") == true)
        #expect(fault(Array(#"{"format":"orchestrators.receipt-bundle/v2"}"#.utf8))?.contains("its format is") == true)
    }

    @Test("Are refused when a byte too large, and read when not")
    func limit() throws {
        let bytes = try sample.bundle().bytes
        let padding = [UInt8](repeating: 0x20, count: ReceiptBundle.maximumBytes - bytes.count)
        #expect(fault(bytes + padding) == nil)
        #expect(fault(bytes + padding + [0x20])?.contains("larger than 4194304 bytes") == true)
    }

    @Test("Are refused for a member that is there twice")
    func duplicates() throws {
        let text = String(decoding: try sample.bundle().bytes, as: UTF8.self)
        let twice = text.replacing(#""salts":{"#, with: #""format":"orchestrators.receipt-bundle/v1","salts":{"#)
        #expect(fault(Array(twice.utf8))?.contains("duplicate key") == true)
        let escaped = text.replacing(#""salts":{"#, with: #""f\u006Frmat":"orchestrators.receipt-bundle/v1","salts":{"#)
        #expect(fault(Array(escaped.utf8))?.contains("duplicate key") == true)
    }

    @Test("Name the member that is not as it should be")
    func members() throws {
        let prefix = "this is no receipt bundle: "
        #expect(
            try fault("format", set: 1) == prefix + "format of the file is not a string")
        #expect(try fault("leaf", set: []) == prefix + "leaf of the file is not an object")
        #expect(try fault("leaf", set: nil) == prefix + "the file has no member leaf")
        #expect(try fault("leaf", "more", set: 1) == prefix + "a leaf of the log is not in its format")
        #expect(try fault("leaf", "v", set: 2)?.contains("newer version") == true)
        #expect(try fault("trace", "id", set: "ABC") == prefix + "trace.id is no trace's identity")
        #expect(try fault("trace", "created_at", set: "now") == prefix + "created_at of trace is no time of a receipt")
        #expect(try fault("trace", "metadata", set: "{}") == prefix + "metadata of trace is not an object")
        #expect(try fault("trace", "more", set: 1) == prefix + "trace has a member beside id, created_at, metadata")
        #expect(try fault("steps", set: [:]) == prefix + "steps of the file is not an array")
        #expect(try fault("steps", set: [1]) == prefix + "steps[0] is no object")
        #expect(try fault("proof", set: "x")?.hasPrefix(prefix + "the proof does not hold") == true)
        #expect(
            try fault("salts", "answer", set: "00") == prefix + "salts.answer is not 64 lower-case digits of base 16")
        #expect(
            try fault("salts", "prompt", set: "00") == prefix + "salts has a member for which the leaf binds nothing")
    }

    @Test("Are refused for steps whose texts could be taken apart otherwise", arguments: ["a\"b", "A", "", "é", "a b"])
    func stepTypes(type: String) throws {
        let step: JSONValue = [
            "created_at": "2026-01-01T00:00:00.000000Z", "payload": [:], "step_type": .string(type),
        ]
        #expect(try fault("steps", set: [step])?.contains("steps[0].step_type is no word") == true)
    }

    @Test("Are refused for a proof with other line ends, or more behind it")
    func proofs() throws {
        let proof = try sample.bundle().proof.text
        for text in [proof.replacing("\n", with: "\r\n"), proof + "\n", proof + "x", " " + proof] {
            #expect(try fault("proof", set: .string(text)) != nil)
        }
        #expect(try fault("proof", set: .string(proof)) == nil)
    }

    @Test("May nest as deep as a trace, and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> JSONValue {
            (1..<depth).reduce([:]) { value, _ in .object(["a": value]) }
        }
        func fault(depth: Int) throws -> String? {
            let step: JSONValue = [
                "created_at": "2026-01-01T00:00:00.000000Z", "payload": nested(depth), "step_type": "error",
            ]
            return try self.fault("steps", set: [step])
        }
        #expect(try fault(depth: 64) == nil)
        #expect(try fault(depth: 65)?.contains("not valid JSON") == true)
    }
}

extension JSONValue {
    /// The value with another one at the end of a path of members.
    fileprivate func setting(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
        guard let key = path.first, var object = objectValue else { return value ?? .null }
        object[key] = path.count == 1 ? value : (object[key] ?? .null).setting(path.dropFirst(), to: value)
        return .object(object)
    }
}
