import OrchCore
import Testing

@Suite("Nodes of a JSON document")
struct JSONNodeTests {
    static let text =
        #"{"s":"a\"b","n":-12,"d":1.5,"t":true,"f":false,"z":null,"a":[1,[2],{"k":3}],"o":{"x":{"y":"deep"}},"\u0065":5}"#

    func root() throws -> JSONNode { try JSONDocument(parsing: Array(Self.text.utf8)).root }

    @Test("Give scalars by their kind, and nil for other kinds")
    func scalars() throws {
        let root = try root()
        #expect(root["s"]?.string == "a\"b")
        #expect(root["n"]?.int == -12 && root["n"]?.double == -12)
        #expect(root["d"]?.double == 1.5 && root["d"]?.int == nil)
        #expect(root["t"]?.bool == true && root["f"]?.bool == false)
        #expect(root["z"]?.isNull == true)
        for key in ["s", "n", "d", "t", "z", "a", "o"] {
            let node = try #require(root[key])
            #expect((node.string != nil) == (node.kind == .string))
            #expect((node.double != nil) == (node.kind == .number))
            #expect((node.bool != nil) == (node.kind == .bool))
            #expect(node.members.contains { _ in true } == (node.kind == .object))
            #expect(node.elements.contains { _ in true } == (node.kind == .array))
        }
    }

    @Test("Are found by key, whether it is written with escapes or not")
    func lookUp() throws {
        let root = try root()
        #expect(root["e"]?.int == 5)
        #expect(root["o"]?["x"]?["y"]?.string == "deep")
        #expect(root["missing"] == nil && root["s"]?["x"] == nil && root["a"]?["k"] == nil)
        #expect(root.members.map(\.key) == ["s", "n", "d", "t", "f", "z", "a", "o", "e"])
        #expect(root.members.filter { $0.keyEquals("e") }.count == 1)
    }

    @Test("Know their bytes")
    func ranges() throws {
        let root = try root()
        func slice(_ node: JSONNode?) -> String { String(decoding: node?.slice ?? [], as: UTF8.self) }
        #expect(slice(root) == Self.text)
        #expect(slice(root["s"]) == #""a\"b""#)
        #expect(slice(root["a"]) == #"[1,[2],{"k":3}]"#)
        #expect(root["a"].map { $0.elements.map(slice) } == ["1", "[2]", #"{"k":3}"#])
        let document = try JSONDocument(parsing: Array(#" { "a" : 1 , "b" : [ ] } "#.utf8))
        let members = document.root.members.map { String(decoding: document.bytes[$0.range], as: UTF8.self) }
        #expect(members == [#""a" : 1"#, #""b" : [ ]"#])
        #expect(document.root.range == 1..<24)
    }

    @Test("Put together again from their parts, are the value that they were")
    func rebuilt() throws {
        let document = try JSONDocument(parsing: Array(Self.text.utf8))
        var writer = JSONWriter()
        writer.beginObject()
        for member in document.root.members { writer.raw(document.bytes[member.range]) }
        writer.member("new", 1)
        writer.endObject()
        var expected = try #require(document.root.value.objectValue)
        expected["new"] = 1
        #expect(try JSONValue(parsing: writer.bytes) == .object(expected))
    }

    @Test(
        "Count a string's bytes as they are decoded",
        arguments: [
            ("\"\"", 0), ("\"aé\"", 3), (#""\u00e9\n""#, 3), (#""\ud83d\ude00""#, 4), ("12", 0), ("[\"a\"]", 0),
        ])
    func textBytes(_ text: String, _ bytes: Int) throws {
        let node = try JSONDocument(parsing: Array(text.utf8)).root
        #expect(node.withTextBytes { $0.count } == bytes)
        #expect(node.withTextBytes { String(decoding: $0, as: UTF8.self) } == node.string ?? "")
        #expect(node.withBytes { Array($0) } == Array(node.slice))
    }

    @Test("Read integers exactly to the ends of their range, and no further")
    func integers() throws {
        func int(_ text: String) throws -> Int? { try JSONDocument(parsing: Array(text.utf8)).root.int }
        #expect(try int("9223372036854775807") == .max)
        #expect(try int("-9223372036854775808") == .min)
        for text in ["9223372036854775808", "-9223372036854775809", "1.0", "1e0", "99999999999999999999"] {
            #expect(try int(text) == nil, "\(text)")
        }
    }
}

@Suite("JSON objects as values")
struct JSONObjectTests {
    @Test("Are edited in place, at the end, and by removal")
    func edits() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["none"] = nil
        #expect(object.keys == ["a", "c"])
        #expect(object["a"] == 3 && object["c"] == 4 && object["b"] == nil)
        #expect(object.count == 2 && !object.isEmpty)
    }

    @Test("Are equal, and hash alike, whatever the order of their members")
    func equality() {
        let one: JSONValue = ["a": 1, "b": ["c": nil, "d": []]]
        let other: JSONValue = ["b": ["d": [], "c": nil], "a": 1]
        #expect(one == other && one.hashValue == other.hashValue)
        #expect(one != ["a": 1] && one != ["a": 1, "b": 2])
        #expect(one.serialized != other.serialized && one.canonical == other.canonical)
    }

    @Test("Give their parts by kind alone")
    func accessors() {
        let values: [JSONValue] = [nil, true, 1, 1.5, "s", [], [:]]
        #expect(values.map(\.kind) == [.null, .bool, .number, .number, .string, .array, .object])
        #expect(values.map { $0.boolValue != nil } == [false, true, false, false, false, false, false])
        #expect(values.map { $0.intValue != nil } == [false, false, true, false, false, false, false])
        #expect(values.map { $0.doubleValue != nil } == [false, false, true, true, false, false, false])
        #expect(values.map { $0.stringValue != nil } == [false, false, false, false, true, false, false])
        #expect(values.map { $0.arrayValue != nil } == [false, false, false, false, false, true, false])
        #expect(values.map { $0.objectValue != nil } == [false, false, false, false, false, false, true])
        #expect(JSONKind.object.phrase == "an object" && JSONKind.null.phrase == "null")
    }
}
