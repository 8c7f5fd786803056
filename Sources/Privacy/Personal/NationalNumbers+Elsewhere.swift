extension NationalNumbers {
    static let elsewhere: [Detector] = [abn, acn, tfn, medicareAU, idZA, ninNG, vehicleNG]

    /// Australia's businesses: one off the first digit, weights, remainder of 89.
    private static let abn = detector(
        "au-abn", ["dd ddd ddd ddd"], weak: ["ddddddddddd"], context: ContextWords("abn", "business number")
    ) { content in
        content[0] != UInt8(ascii: "0")
            && (Checksum.weighted(content, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 == 0
    }

    /// Australia's companies: weights 8 to 1.
    private static let acn = detector(
        "au-acn", ["ddd ddd ddd"], confidence: Confidence.likely, weak: ["ddddddddd"],
        context: ContextWords("acn", "company number")
    ) { content in
        (10 - Checksum.weighted(content, [8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == Checksum.digit(content, 8)
            && !Checksum.isRepetition(content)
    }

    /// Australia's tax files: weights, remainder of 11.
    private static let tfn = detector(
        "au-tfn", ["ddd ddd ddd"], confidence: Confidence.likely, weak: ["ddddddddd"],
        context: ContextWords("tfn", "tax file")
    ) { content in
        Checksum.weighted(content, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 && !Checksum.isRepetition(content)
    }

    /// Australia's Medicare: 2 to 6, weights 1, 3, 7, 9.
    private static let medicareAU = detector(
        "au-medicare", ["dddd ddddd d", "dddd-ddddd-d"], weak: ["dddddddddd"], context: ContextWords("medicare")
    ) { content in
        content[0] >= UInt8(ascii: "2") && content[0] <= UInt8(ascii: "6")
            && Checksum.weighted(content, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == Checksum.digit(content, 8)
    }

    /// South Africa: date of birth, citizenship, Luhn's check.
    private static let idZA = detector("za-id", ["ddddddddddddd", "dddddd dddd ddd"], confidence: Confidence.likely) {
        content in
        Checksum.isDate(month: Checksum.number(content, 2..<4), day: Checksum.number(content, 4..<6))
            && content[10] <= UInt8(ascii: "2") && Checksum.luhn(content)
    }

    private static let ninNG = detector(
        "ng-nin", [], confidence: Confidence.likely, context: ContextWords("nin", "national identification"),
        named: ["ddddddddddd"]
    ) { Checksum.verhoeff($0) }

    private static let vehicleNG = detector(
        "ng-vehicle-registration", ["LLL-dddLL", "LLL dddLL"], confidence: Confidence.likely, anyCase: false)
}
