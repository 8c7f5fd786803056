package import OrchCore

extension JSONValue {
    /// A value of any kind and shape, in the form in which it reads back: whole doubles in range are integers.
    package static func random(depth: Int = 4, using generator: inout some RandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3: .integer(.random(in: -1000...1000, using: &generator))
        case 4: randomNumber(using: &generator)
        case 5: .string(.random(using: &generator))
        case 6:
            .array(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        default: .object(randomObject(depth: depth - 1, using: &generator))
        }
    }

    private static func randomNumber(using generator: inout some RandomNumberGenerator) -> JSONValue {
        let number = Double(bitPattern: .random(in: .min ... .max, using: &generator))
        guard number.isFinite else { return .number(0.5) }
        return Int(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    private static func randomObject(depth: Int, using generator: inout some RandomNumberGenerator) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            object[.random(using: &generator)] = random(depth: depth, using: &generator)
        }
        return object
    }
}

extension String {
    /// Up to 12 scalars from everywhere: controls, quotes, every length of UTF-8, combining marks.
    package static func random(using generator: inout some RandomNumberGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7E, 0x20...0x7E, 0x22...0x22, 0x5C...0x5C, 0x7F...0x7FF, 0x300...0x36F, 0x800...0xD7FF,
            0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
        }
        return String(text)
    }
}
