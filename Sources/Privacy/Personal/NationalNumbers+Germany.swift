extension NationalNumbers {
    static let germany: [Detector] = [
        vatIdDE, taxIdDE, taxNumberDE, pensionDE, healthDE, documentDE, drivingLicenceDE, doctorDE, surgeryDE,
        registerDE,
        postcodeDE, vehicleDE,
    ]

    /// VAT numbers: nine digits, MOD 11,10.
    private static let vatIdDE = detector(
        "de-vat-id",
        ["LLddddddddd", "LL ddddddddd", "LL ddd ddd ddd", "LL-ddd-ddd-ddd", "LL.ddd.ddd.ddd", "LL-ddddddddd"]
    ) { content in
        content[0] == UInt8(ascii: "D") && content[1] == UInt8(ascii: "E") && Checksum.mod11And10(content, from: 2)
    }

    /// Tax identification numbers (§ 139b AO): eleven digits, MOD 11,10.
    private static let taxIdDE = detector(
        "de-tax-id", [], weak: ["ddddddddddd", "dd ddd ddd ddd"],
        context: ContextWords("steuer-id", "steuerid", "steueridentifikation", "identifikationsnummer", "tin", "idnr")
    ) { content in
        guard content[0] != UInt8(ascii: "0"), Checksum.mod11And10(content) else { return false }
        // One of the first ten digits may stand there twice or three times, not more.
        return (0...9).allSatisfy { digit in content[..<10].count { $0 == UInt8(digit) + 0x30 } <= 3 }
    }

    private static let taxNumberDE = detector(
        "de-tax-number", ["ddd/ddd/ddddd", "dd/ddd/ddddd", "ddd/dddd/dddd", "dd/dddd/dddd"],
        confidence: Confidence.likely,
        context: ContextWords("steuernummer", "steuernr", "steuer-nr", "st.-nr", "st-nr", "finanzamt"),
        named: ["ddddddddddddd", "ddd ddd ddddd"]
    ) { content in content.count < 13 || (1...16).contains(Checksum.number(content, 0..<2)) }

    /// Insurance numbers of the pension scheme (VKVV § 2): area, date of birth, letter, serial, weighted digit sums.
    private static let pensionDE = detector(
        "de-pension-insurance", ["ddddddddLddd", "dd dddddd L ddd"]
    ) { content in
        let day = Checksum.number(content, 2..<4)
        guard Checksum.number(content, 0..<2) >= 2,
            Checksum.isDate(month: Checksum.number(content, 4..<6), day: day > 50 ? day - 50 : day)
        else { return false }
        let letter = Int(content[8]) - 0x40
        let digits =
            (0..<8).map { Checksum.digit(content, $0) } + [letter / 10, letter % 10]
            + [Checksum.digit(content, 9), Checksum.digit(content, 10)]
        let sum = zip(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).reduce(0) { sum, pair in
            let product = pair.0 * pair.1
            return sum + product / 10 + product % 10
        }
        return sum % 10 == Checksum.digit(content, 11)
    }

    /// Numbers of the insured (GKV): a letter as two digits, then weights 1 and 2 in turn.
    private static let healthDE = detector("de-health-insurance", ["Lddddddddd"]) { content in
        let letter = Int(content[0]) - 0x40
        let digits = [letter / 10, letter % 10] + (1..<9).map { Checksum.digit(content, $0) }
        let sum = digits.enumerated().reduce(0) { sum, entry in
            let product = entry.element * (entry.offset % 2 == 0 ? 1 : 2)
            return sum + product / 10 + product % 10
        }
        return sum % 10 == Checksum.digit(content, 9)
    }

    /// Identity cards and passports: nine places without vowels, the last one the check of ICAO 9303.
    private static let documentDE = detector(
        "de-identity-document", ["AAAAAAAAA"], confidence: Confidence.likely
    ) { content in
        guard ByteSet("CFGHJKLMNPRTVWXYZ").contains(content[0]), Byte.isDigit(content[8]),
            content.dropFirst().allSatisfy({ Byte.isDigit($0) || documentLetters.contains($0) }),
            content.count(where: Byte.isDigit) >= 4
        else { return false }
        if Checksum.document(content) { return true }
        // Cards up to 2010 have T and eight digits, the check of which stands apart.
        return content[0] == UInt8(ascii: "T") && content.dropFirst().allSatisfy(Byte.isDigit)
    }

    private static let documentLetters = ByteSet("CFGHJKLMNPRTVWXYZ")

    private static let drivingLicenceDE = detector(
        "de-driving-licence", [], weak: ["LLddddddddL", "LLddddddddd"],
        context: ContextWords("führerschein", "fuehrerschein", "fahrerlaubnis"))

    /// Numbers of doctors (LANR): weights 4 and 9.
    private static let doctorDE = detector(
        "de-lanr", [], weak: ["ddddddddd"], context: ContextWords("lanr", "arztnummer", "arzt-nr")
    ) { content in
        let sum = Checksum.weighted(content, [4, 9, 4, 9, 4, 9])
        return (10 - sum % 10) % 10 == Checksum.digit(content, 6)
    }

    private static let surgeryDE = detector(
        "de-bsnr", [], confidence: Confidence.likely, context: ContextWords("bsnr", "betriebsst"), named: ["ddddddddd"])

    private static let registerDE = detector(
        "de-handelsregister",
        (2...6).map { "LLL " + String(repeating: "d", count: $0) }
            + (2...6).map { "LLL" + String(repeating: "d", count: $0) }
    ) { content in
        content[0] == UInt8(ascii: "H") && content[1] == UInt8(ascii: "R") && ByteSet("AB").contains(content[2])
    }

    private static let postcodeDE = detector(
        "de-postcode", [], confidence: Confidence.likely,
        context: ContextWords("plz", "postleitzahl", before: 24, behind: 0), named: ["ddddd"]
    ) { content in (1001...99_998).contains(Checksum.number(content, 0..<5)) }

    private static let vehicleDE = detector(
        "de-vehicle-registration", [],
        weak: ["L", "LL", "LLL"].flatMap { district in
            ["L", "LL"].flatMap { letters in
                (1...4).flatMap { count in
                    [" ", "-"].map { "\(district)\($0)\(letters)\($0)" + String(repeating: "d", count: count) }
                }
            }
        }, context: ContextWords("kennzeichen", "kfz", "nummernschild"), anyCase: false
    ) { content in content.last != UInt8(ascii: "0") || content.contains { $0 != UInt8(ascii: "0") && Byte.isDigit($0) }
    }
}
