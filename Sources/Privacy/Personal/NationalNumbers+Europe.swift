extension NationalNumbers {
    static let europe: [Detector] = [
        nif, nie, passportES, fiscalCode, vatIT, drivingLicenceIT, identityCardIT, passportIT, hetu, personnummer,
        organisationsnummer, pesel, nationalIdTR, plateTR,
    ]

    private static let spanishLetters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)

    /// Spain: eight digits or fewer, and a letter by the remainder of 23.
    private static let nif = detector("es-nif", ["ddddddddL", "dddddddL", "dddddddd-L", "ddddddd-L"]) { content in
        content.last == spanishLetters[Checksum.number(content, 0..<content.count - 1) % 23]
    }

    /// Foreigners' numbers: X, Y or Z for 0, 1 or 2.
    private static let nie = detector("es-nie", ["LdddddddL", "Lddddddd-L", "L-ddddddd-L"]) { content in
        guard let first = ["X", "Y", "Z"].firstIndex(where: { $0.utf8.first == content[0] }) else { return false }
        return content[8] == spanishLetters[(first * 10_000_000 + Checksum.number(content, 1..<8)) % 23]
    }

    private static let passportES = detector(
        "es-passport", [], weak: ["LLLdddddd"], context: ContextWords("pasaporte", "passport"))

    /// Italy: fiscal codes, with the letters of the months.
    private static let fiscalCode = detector("it-fiscal-code", ["LLLLLLddLddLdddL"]) { content in
        let day = Checksum.number(content, 9..<11)
        return ByteSet("ABCDEHLMPRST").contains(content[8]) && (1...71).contains(day) && (day <= 31 || day > 40)
    }

    private static let vatIT = detector(
        "it-vat", [], weak: ["ddddddddddd"], context: ContextWords("partita iva", "p.iva", "p. iva", "piva", "iva")
    ) { content in Checksum.luhn(content) && !Checksum.isRepetition(content) }

    private static let drivingLicenceIT = detector(
        "it-driving-licence", [], weak: ["AAAAAAAAAA", "LLdddddddL"], context: ContextWords("patente", "driving licen")
    ) { content in
        guard Byte.isUpper(content[0]), Byte.isUpper(content[9]) else { return false }
        if content[0] == UInt8(ascii: "U"), content[1] == UInt8(ascii: "1") { return true }
        return Byte.isUpper(content[1]) && content[2..<9].allSatisfy(Byte.isDigit) && content[0] != UInt8(ascii: "X")
    }

    private static let identityCardIT = detector(
        "it-identity-card", [], weak: ["LLdddddLL", "dddddddLL"],
        context: ContextWords("carta d'identit", "identity card"))

    private static let passportIT = detector(
        "it-passport", [], weak: ["LLddddddd"], context: ContextWords("passaporto", "passport"))

    private static let finnishChecks = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)

    /// Finland: date of birth, sign of the century, number, remainder of 31.
    private static let hetu = detector(
        "fi-personal-identity-code",
        ["ddddddLdddd", "ddddddLdddL", "dddddd-dddd", "dddddd-dddL", "dddddd+dddd", "dddddd+dddL"]
    ) { content in
        let hasLetter = Byte.isUpper(content[6])
        guard !hasLetter || ByteSet("ABCDEFYXWVU").contains(content[6]) else { return false }
        let start = hasLetter ? 7 : 6
        let number = Checksum.number(content, start..<start + 3)
        guard number >= 2, Checksum.isDate(month: Checksum.number(content, 2..<4), day: Checksum.number(content, 0..<2))
        else { return false }
        let check = (Checksum.number(content, 0..<6) * 1000 + number) % 31
        return content[start + 3] == finnishChecks[check]
    }

    /// Sweden: date of birth, serial, Luhn's check over the last ten digits.
    private static let personnummer = detector(
        "se-personnummer", ["dddddd-dddd", "dddddd+dddd", "dddddddd-dddd", "dddddddddddd"], weak: ["dddddddddd"],
        context: ContextWords("personnummer", "pnr", "svensk", "swedish")
    ) { isPersonnummer($0) }

    private static func isPersonnummer(_ content: Checksum.Content) -> Bool {
        let short = UnsafeBufferPointer(rebasing: content.suffix(10))
        if content.count == 12 {
            guard (1880...2099).contains(Checksum.number(content, 0..<4)) else { return false }
        }
        let day = Checksum.number(short, 4..<6)
        return Checksum.isDate(month: Checksum.number(short, 2..<4), day: day > 60 ? day - 60 : day)
            && Checksum.luhn(short)
    }

    /// Sweden's companies: the third digit is 2 or more.
    private static let organisationsnummer = detector(
        "se-organisationsnummer", ["dddddd-dddd"]
    ) { content in content[2] >= UInt8(ascii: "2") && Checksum.luhn(content) }

    /// Poland: date of birth with the century in the month, weights 1, 3, 7, 9.
    private static let pesel = detector(
        "pl-pesel", ["ddddddddddd"], confidence: Confidence.likely
    ) { content in
        let month = Checksum.number(content, 2..<4) % 20
        return Checksum.isDate(month: month, day: Checksum.number(content, 4..<6))
            && Checksum.weighted(content, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
    }

    /// Turkey: two check digits, of odd and even places, and of the sum.
    private static let nationalIdTR = detector("tr-national-id", ["ddddddddddd"]) { content in
        guard content[0] != UInt8(ascii: "0") else { return false }
        let odd = stride(from: 0, to: 9, by: 2).reduce(0) { $0 + Checksum.digit(content, $1) }
        let even = stride(from: 1, to: 8, by: 2).reduce(0) { $0 + Checksum.digit(content, $1) }
        let tenth = ((odd * 7 - even) % 10 + 10) % 10
        return tenth == Checksum.digit(content, 9) && (odd + even + tenth) % 10 == Checksum.digit(content, 10)
    }

    /// Turkey's plates: a province from 01 to 81, one to three letters, two to five digits.
    private static let plateTR = detector(
        "tr-license-plate", [],
        weak: (1...3).flatMap { letters in
            (2...4).map { "dd " + String(repeating: "L", count: letters) + " " + String(repeating: "d", count: $0) }
        }, context: ContextWords("plaka", "license plate", "number plate"), anyCase: false
    ) { content in (1...81).contains(Checksum.number(content, 0..<2)) }
}
