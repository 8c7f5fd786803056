import OrchCore
import OrchTestSupport
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    static let escapes: [(String, String)] = [
        ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1F}\u{B}", #""\u0000\u001f\u000b""#),
        ("/\u{7F}é€😀\u{2028}", "\"/\u{7F}é€😀\u{2028}\""), ("\"", #""\"""#), ("end\\", #""end\\""#),
    ]

    @Test("Escapes what must be, in its shortest form, and nothing else", arguments: escapes)
    func escaping(_ text: String, _ json: String) {
        #expect(String(decoding: JSONValue.string(text).serialized, as: UTF8.self) == json)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member(text, "")
        writer.endObject()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\(json):\"\"}")
    }

    @Test("Every scalar survives the way out and back")
    func scalars() throws {
        var text = String.UnicodeScalarView()
        for value in UInt32(0)...0x10FFFF where value < 0x3000 || value % 97 == 0 {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        let value = JSONValue.string(String(text))
        let back = try JSONValue(parsing: value.serialized)
        #expect(back.stringValue.map { Array($0.utf8) } == value.stringValue.map { Array($0.utf8) })
    }

    @Test("Puts commas where they belong")
    func commas() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", 1)
        writer.member("b", true)
        writer.key("c")
        writer.beginArray()
        writer.null()
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.raw([0x31])
        writer.number(0.5)
        writer.endArray()
        writer.member("d", orNull: nil)
        writer.member("e", orNull: "x")
        writer.member("f", ["g": [false]])
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":1,"b":true,"c":[null,[],{},1,0.5],"d":null,"e":"x","f":{"g":[false]}}"#)
    }

    @Test("Writes integers to the ends of their range", arguments: [0, 9, 10, -1, -10, Int.max, Int.min])
    func integers(_ value: Int) {
        #expect(String(decoding: JSONValue.integer(value).serialized, as: UTF8.self) == value.description)
    }

    @Test("Writes null for what JSON cannot hold", arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func notFinite(_ value: Double) {
        #expect(JSONValue.number(value).serialized == Array("null".utf8))
    }

    @Test("Floats are JSON numbers that read back as the same float", arguments: UInt64(0)..<20)
    func floats(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var values: [Float] = [0, -0.0, 1, -0.1, 1e-9, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 16_777_216]
        for _ in 0..<200 { values.append(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))) }
        var writer = JSONWriter()
        writer.beginArray()
        for value in values { writer.float(value) }
        writer.endArray()
        let read = try JSONDocument(parsing: writer.bytes).root.elements.map(\.self)
        #expect(read.count == values.count)
        for (node, value) in zip(read, values) {
            guard value.isFinite else {
                #expect(node.isNull)
                continue
            }
            #expect(Float(String(decoding: node.slice, as: UTF8.self))?.bitPattern == value.bitPattern)
            #expect(node.double.map { Float($0) } == value)
        }
    }

    @Test("What is written reads back the same, plain and canonical", arguments: UInt64(0)..<40)
    func roundTrips(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let value = JSONValue.random(depth: 3, using: &generator)
            let plain = value.serialized
            #expect(try JSONValue(parsing: plain) == value)
            // Same bytes again, so that nothing was lost that equality does not see.
            #expect(try JSONValue(parsing: plain).serialized == plain)
            let canonical = value.canonical
            #expect(try JSONValue(parsing: canonical) == value)
            #expect(try JSONValue(parsing: canonical).canonical == canonical)
            #expect(try JSONValue(parsing: plain).canonical == canonical)
        }
    }
}
