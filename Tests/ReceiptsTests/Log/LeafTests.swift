import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@Suite("Leaves")
struct LeafTests {
    static let hash = String(repeating: "0a", count: 32)

    /// A leaf's text from its parts.
    static func text(
        commitments: String = #"{"answer":"\#(hash)","metadata":"\#(hash)"}"#, opened: String = "2023",
        pins: String = #"{"a":{"b":1.5},"version":"1"}"#, status: String = "ok",
        steps: String = #"[{"at":"2024","sha256":"\#(hash)","type":"error"}]"#, id: String = "t", version: String = "1"
    ) -> String {
        #"{"closed_at":"2025","commitments":\#(commitments),"opened_at":"\#(opened)","pins":\#(pins),"status":"\#(status)","#
            + #""steps":\#(steps),"trace_id":"\#(id)","v":\#(version)}"#
    }

    @Test("Read back byte for byte")
    func roundTrip() throws {
        let bytes = Array(Self.text().utf8)
        let leaf = try Leaf(parsing: bytes)
        #expect(leaf.canonical == bytes)
        #expect(leaf.traceID == "t" && leaf.openedAt == "2023" && leaf.closedAt == "2025" && leaf.status == "ok")
        #expect(leaf.pins == Array(#"{"a":{"b":1.5},"version":"1"}"#.utf8))
        #expect(
            leaf.steps == [Leaf.Step(type: "error", at: "2024", hash: try #require(MerkleHash(hexadecimal: Self.hash)))]
        )
        #expect(leaf.commitments.map(\.name) == ["answer", "metadata"])
        #expect(try JSONValue(parsing: bytes).canonical == bytes)
        #expect(try Leaf(parsing: bytes) == leaf)
        var other = leaf
        other.status = "failed"
        #expect(other != leaf)
    }

    static let accepted: [String] = [
        text(commitments: "{}"), text(pins: "{}"), text(steps: "[]"), text(id: "é\\\"\\\\\\n\\u0007 \u{1F600}"),
        text(commitments: #"{"other":"\#(hash)"}"#), text(pins: #"{"\#u{20AC}":1,"\#u{1F600}":2,"\#u{FB33}":3}"#),
    ]

    @Test("Of any contents read back", arguments: accepted)
    func reads(_ text: String) throws {
        #expect(try Leaf(parsing: Array(text.utf8)).canonical == Array(text.utf8))
    }

    @Test("Whatever is written reads back")
    func random() throws {
        var generator = SeededGenerator(seed: 17)
        for _ in 0..<200 {
            var pins = JSONValue.random(depth: 3, using: &generator)
            if case .object = pins {} else { pins = ["pin": pins] }
            let leaf: JSONValue = [
                "v": 1, "trace_id": .string(.random(using: &generator)),
                "opened_at": .string(.random(using: &generator)),
                "closed_at": .string(.random(using: &generator)), "status": .string(.random(using: &generator)),
                "pins": pins, "steps": [["type": "step", "at": "", "sha256": .string(Self.hash)]],
                "commitments": ["metadata": .string(Self.hash), "answer": .string(Self.hash)],
            ]
            #expect(try Leaf(parsing: leaf.canonical).canonical == leaf.canonical)
        }
    }

    static let refused: [String] = [
        "", "{}", "[]", "null", "x", text() + "\n", " " + text(), text() + "{}", text(version: "1.0"),
        text(version: "\"1\""),
        text().replacing(":1}", with: ": 1}"), text().replacing(#","v":1"#, with: ""),
        text().replacing(#","v":1"#, with: #","v":1,"w":1"#), text().replacing(#","v":1"#, with: #","v":1,"v":1"#),
        text().replacing(#""status":"ok","#, with: ""), text().replacing(#""status":"ok""#, with: #""status":null"#),
        text().replacing(#""status":"ok""#, with: #""status":"\u006fk""#), text(id: "\\/"), text(id: "\\u00e9"),
        #"{"v":1,"# + text().dropFirst().dropLast(7) + "}",
        text(commitments: "[]"), text(commitments: #"{"answer":1}"#),
        text(commitments: #"{"answer":"\#(hash.uppercased())"}"#),
        text(commitments: #"{"answer":"00"}"#), text(commitments: #"{"answer":"\#(hash)","answer":"\#(hash)"}"#),
        text(pins: "[]"), text(pins: "null"), text(pins: "\"a\""), text(pins: #"{"a":1,"a":1}"#), text(steps: "{}"),
        text(steps: "[1]"), text(steps: #"[{"at":"2024","sha256":"\#(hash)"}]"#),
        text(steps: #"[{"at":"2024","sha256":"\#(hash)","type":"error","x":1}]"#),
        text(steps: #"[{"sha256":"\#(hash)","at":"2024","type":"error"}]"#),
        text(steps: #"[{"at":"2024","sha256":"\#(hash.dropLast())","type":"error"}]"#),
        text(steps: #"[{"at":2024,"sha256":"\#(hash)","type":"error"}]"#),
    ]

    @Test("Are refused where they are not a leaf's canonical form", arguments: refused)
    func refuses(_ text: String) {
        let error = #expect(throws: ReceiptError.self) { try Leaf(parsing: Array(text.utf8)) }
        #expect(error?.code == .unreadable)
    }

    static let unsorted: [String] = [
        text(commitments: #"{"metadata":"\#(hash)","answer":"\#(hash)"}"#), text(pins: #"{"b":1,"a":2}"#),
        text(pins: #"{ "a":1}"#), text(pins: #"{"a":{"c":1, "b":2}}"#), text(pins: #"{"a":1.50}"#),
        text(pins: #"{"a":1e2}"#), text(pins: #"{"\u0061":1}"#), text(pins: #"{"\#u{FB33}":3,"\#u{1F600}":2}"#),
    ]

    @Test("Are refused where commitments or pins are not canonical", arguments: unsorted)
    func refusesUnsorted(_ text: String) throws {
        try #require(try JSONValue(parsing: Array(text.utf8)).canonical != Array(text.utf8))
        let error = #expect(throws: ReceiptError.self) { try Leaf(parsing: Array(text.utf8)) }
        #expect(error?.code == .unreadable)
    }

    @Test("Are refused when a bit of any byte is changed, or read as another leaf")
    func flips() throws {
        let leaf = try TraceSample().leaf
        let bytes = leaf.canonical
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << UInt8(place % 8)
            if let read = try? Leaf(parsing: changed), read.canonical != changed || read == leaf {
                Issue.record("byte \(place)")
            }
        }
    }

    @Test("Of a newer version are told from broken ones")
    func version() {
        let error = #expect(throws: ReceiptError.self) { try Leaf(parsing: Array(Self.text(version: "2").utf8)) }
        #expect(error?.message.contains("version 2") ?? false)
    }

    @Test("Larger than an entry of a tile can be they are not read")
    func size() throws {
        let room = Leaf.maximumBytes - Self.text(id: "").utf8.count
        let whole = Self.text(id: String(repeating: "t", count: room))
        #expect(try Leaf(parsing: Array(whole.utf8)).traceID.utf8.count == room)
        let over = Self.text(id: String(repeating: "t", count: room + 1))
        #expect(throws: ReceiptError.self) { try Leaf(parsing: Array(over.utf8)) }
    }

    @Test("A step's hash is that of the canonical JSON of created_at, payload and step_type")
    func stepHash() {
        let payload: JSONValue = ["b": [1, nil], "a": "é"]
        let whole: JSONValue = ["step_type": "error", "payload": payload, "created_at": "2024-01-01T00:00:00.000000Z"]
        let hash = MerkleHash.step(
            type: Array("error".utf8), createdAt: Array("2024-01-01T00:00:00.000000Z".utf8), payload: payload.canonical)
        #expect(hash == .sha256(whole.canonical))
    }
}
