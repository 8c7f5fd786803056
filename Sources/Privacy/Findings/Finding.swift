/// What a detector looks for.
package enum DetectorKind: String, Sendable, Equatable {
    /// Something that lets its holder in: a key, a token, a password.
    case secret
    /// Something that says who somebody is, or where.
    case personal
}

/// Something in a text that a detector is sure enough of.
package struct Finding: Sendable, Equatable {
    /// The detector's id, as `github-pat` or `email`.
    package let id: String
    package let kind: DetectorKind
    /// Bytes of the text as it came, before any normalisation.
    package let range: Range<Int>
    /// From 0 to 1. See `Confidence` for what the numbers mean.
    package let confidence: Double

    package init(id: String, kind: DetectorKind, range: Range<Int>, confidence: Double) {
        self.id = id
        self.kind = kind
        self.range = range
        self.confidence = confidence
    }
}

/// The steps of certainty, in hundredths.
package enum Confidence {
    /// A form that other things have too: a date, ten digits whose one check digit is right.
    package static let weak: UInt8 = 30
    /// A form with a check, or a weak one with words beside it that name it.
    package static let likely: UInt8 = 60
    /// A form that hardly anything else has.
    package static let strong: UInt8 = 85
    /// A vendor's prefix and length, or a checksum of several digits.
    package static let certain: UInt8 = 95
}

/// A finding in the numbers of the scan: normalised bytes, and the detector's place in the catalogue.
struct Candidate: Equatable {
    var start: Int
    var end: Int
    var detector: Int32
    var confidence: UInt8

    init(_ range: Range<Int>, detector: Int32, confidence: UInt8) {
        start = range.lowerBound
        end = range.upperBound
        self.detector = detector
        self.confidence = confidence
    }
}
