import OrchCore
import OrchReceipts
import Testing

@Suite("Receipt bundles that were changed")
struct BundleTamperingTests {
    private let sample = BundleSample()

    @Test("Are refused for every single bit, but for salts that open nothing that is handed in")
    func bits() throws {
        let bundle = try sample.bundle(withSalts: true)
        let bytes = bundle.bytes
        #expect(sample.holds(bytes, BundleSample.contents))
        var free: Set<Int> = []
        for (name, salt) in bundle.salts where name != .metadata {
            let digits = Array(salt.hexadecimal.utf8)
            let start = try #require(bytes.indices.first { bytes[$0...].starts(with: digits) })
            free.formUnion(start..<start + digits.count)
        }
        var held: [String] = []
        var heldWithoutContents: Set<Int> = []
        forEachFlip(of: bytes) { changed, index, bit in
            guard let bundle = try? ReceiptBundle(parsing: changed) else { return }
            if bundle.check(key: sample.key.verifier).holds { heldWithoutContents.insert(index) }
            let check = bundle.check(key: sample.key.verifier, contents: BundleSample.contents)
            if check.holds { held.append("byte \(index) bit \(bit)") }
        }
        // Nothing may change: the file has no white space that a single bit turns into other white space (of the four,
        // only a tab and a carriage return are one bit apart), no escape that can be written otherwise, and no
        // signature but the log's.
        #expect(held.isEmpty, "\(held)")
        // Without the contents, the digits of their salts alone.
        #expect(!heldWithoutContents.isEmpty && heldWithoutContents.isSubset(of: free))
    }

    @Test("Are refused for every bit of one whose contents are retired")
    func retiredBits() throws {
        let bytes = try ReceiptBundle(try sample.retired(4)).bytes
        #expect(sample.holds(bytes))
        var held: [Int] = []
        forEachFlip(of: bytes) { changed, index, _ in
            if sample.holds(changed) { held.append(index) }
        }
        #expect(held.isEmpty, "\(held)")
    }

    private func forEachFlip(of bytes: [UInt8], _ body: ([UInt8], _ index: Int, _ bit: Int) -> Void) {
        var changed = bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                changed[index] = bytes[index] ^ (1 << UInt8(bit))
                body(changed, index, bit)
            }
            changed[index] = bytes[index]
        }
    }

    @Test("Are refused for every member that is changed, taken away, put in or moved", arguments: [false, true])
    func members(isRetired: Bool) throws {
        let bundle = isRetired ? try ReceiptBundle(try sample.retired(4)) : try sample.bundle(withSalts: true)
        let contents = isRetired ? [:] : BundleSample.contents
        let value = try JSONValue(parsing: bundle.bytes)
        #expect(sample.holds(value.serialized, contents))
        let changes = value.changes
        #expect(changes.count > (isRetired ? 100 : 300))
        for (path, changed) in changes where sample.holds(changed.serialized, contents) {
            Issue.record("it holds with \(path)")
        }
    }

    @Test("Hold whatever the white space, the order of members, and the escapes")
    func sameMeaning() throws {
        let bytes = try sample.bundle(withSalts: true).bytes
        let bundle = try ReceiptBundle(parsing: bytes)
        let value = try JSONValue(parsing: bytes)
        var writer = Spaced()
        writer.write(value)
        for file in [Array(bytes.dropLast()), value.reversed.serialized, Array(writer.text.utf8)] {
            #expect(file != bytes)
            #expect(try ReceiptBundle(parsing: file) == bundle)
            #expect(sample.holds(file, BundleSample.contents))
        }
    }

    /// JSON with white space wherever it may be, and all letters escaped.
    private struct Spaced {
        var text = ""

        mutating func write(_ value: JSONValue) {
            text += " \r\n\t"
            switch value {
            case .array(let elements):
                text += "["
                for (place, element) in elements.enumerated() {
                    if place > 0 { text += "," }
                    write(element)
                }
                text += "\t]"
            case .object(let object):
                text += "{"
                for (place, member) in object.members.enumerated() {
                    if place > 0 { text += "\n," }
                    write(.string(member.key))
                    text += " :"
                    write(member.value)
                }
                text += " }"
            case .string(let string):
                let units = string.utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
                text += "\"" + units.joined() + "\""
            default: text += String(decoding: value.serialized, as: UTF8.self)
            }
            text += "\n"
        }
    }
}

extension JSONValue {
    /// The same with the members of every object the other way round.
    fileprivate var reversed: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.reversed))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.reversed().map { JSONObject.Member(key: $0.key, value: $0.value.reversed) }))
        default: self
        }
    }

    /// The value with one thing in it changed, in every way, and what that was.
    fileprivate var changes: [(String, JSONValue)] {
        var changes = scalars.filter { $0 != self }.map { ("another value: \($0.kind)", $0) }
        switch self {
        case .array(let elements):
            for place in elements.indices {
                var fewer = elements
                fewer.remove(at: place)
                changes.append(("[\(place)] taken away", .array(fewer)))
                changes.append(("[\(place)] twice", .array(elements + [elements[place]])))
                if place > 0 {
                    var swapped = elements
                    swapped.swapAt(0, place)
                    changes.append(("[0] and [\(place)] swapped", .array(swapped)))
                }
                changes += elements[place].changes.map { path, value in
                    var elements = elements
                    elements[place] = value
                    return ("[\(place)]\(path)", .array(elements))
                }
            }
        case .object(let object):
            for member in object.members {
                var fewer = object
                fewer[member.key] = nil
                changes.append((".\(member.key) taken away", .object(fewer)))
                let twice = JSONObject(object.members + [member])
                changes.append((".\(member.key) twice", .object(twice)))
                changes += member.value.changes.map { path, value in
                    var object = object
                    object[member.key] = value
                    return (".\(member.key)\(path)", .object(object))
                }
            }
            var more = object
            more["zzz"] = "more"
            changes.append((" with one more", .object(more)))
        default: break
        }
        return changes
    }

    private var scalars: [JSONValue] {
        let other: [JSONValue] = [nil, false, true, 0, 7, -0.5, "", "x", [], [:], [[:]]]
        return switch self {
        case .string(let text):
            other + [.string(text + " "), .string("0" + text.dropFirst()), .string(String(text.dropLast()))]
        case .integer(let number): other + [.integer(number + 1), .string("\(number)")]
        default: other
        }
    }
}
