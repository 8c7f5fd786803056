import Testing

@testable import OrchPrivacy

/// Texts that a detector finds something in, and near misses in which it does not.
///
/// Keys are put together from pieces, so that tools that look for keys in sources stay quiet.
struct DetectorCase: Sendable, CustomTestStringConvertible {
    let id: String
    /// What is found stands between `«` and `»`.
    let positives: [String]
    let misses: [String]

    init(_ id: String, _ positives: [String], misses: [String]) {
        self.id = id
        self.positives = positives
        self.misses = misses
    }

    var testDescription: String { id }
}

/// A text without its marks, and what stood between them in bytes.
struct MarkedText {
    let bytes: [UInt8]
    let ranges: [Range<Int>]

    init(_ text: String) {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        var start = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "«": start = bytes.count
            case "»": ranges.append(start..<bytes.count)
            default: bytes += Array(String(scalar).utf8)
            }
        }
        self.bytes = bytes
        self.ranges = ranges
    }
}

/// Makes texts that have a shape.
struct ShapeSampler {
    var generator: any RandomNumberGenerator

    /// A text of the shape, its open counts as short as they may be.
    mutating func text(of shape: Shape) -> [UInt8] {
        shape.parts.flatMap { part in
            let members = (UInt8.min...UInt8.max).filter(part.set.contains)
            // Open counts get some more bytes than the least, so that made-up keys look like keys.
            let count = min(part.maximum, max(part.minimum, part.minimum == part.maximum ? 0 : part.minimum + 3))
            return (0..<count).map { _ in members[Int(generator.next() % UInt64(members.count))] }
        }
    }
}
