extension NationalNumbers {
    static let america: [Detector] = [ssn, itin, npi, mbi, routing, account, passport, drivingLicence, sin]

    private static let socialSecurity = ContextWords("ssn", "social security", "social-security")

    /// United States: social security numbers (SSA, "SSN randomization": areas and groups never given out).
    private static let ssn = detector(
        "us-ssn", ["ddd-dd-dddd", "ddd dd dddd", "ddd.dd.dddd"], weak: ["ddd-dddddd", "ddddd-dddd"],
        context: socialSecurity, named: ["ddddddddd"]
    ) { content in
        let area = Checksum.number(content, 0..<3)
        guard area != 0, area != 666, area < 900, Checksum.number(content, 3..<5) != 0,
            Checksum.number(content, 5..<9) != 0
        else { return false }
        // Printed on leaflets and in wallets.
        return !["078051120", "219099999", "123456789", "987654321"].contains { $0.utf8.elementsEqual(content) }
    }

    /// Individual taxpayer numbers: 9, and groups that the IRS gives out.
    private static let itin = detector(
        "us-itin", ["ddd-dd-dddd", "ddd dd dddd"], weak: ["ddddddddd"],
        context: ContextWords("itin", "taxpayer", "tax id")
    ) { content in
        let group = Checksum.number(content, 3..<5)
        return content[0] == UInt8(ascii: "9")
            && ((50...65).contains(group) || (70...88).contains(group) || (90...92).contains(group)
                || (94...99).contains(group))
    }

    /// Numbers of providers of care: Luhn's check with 80840 in front (45 CFR 162.406).
    private static let npi = detector(
        "us-npi", [], weak: ["dddddddddd", "dddd ddd ddd", "dddd-ddd-ddd"],
        context: ContextWords("npi", "national provider", "provider")
    ) { content in
        (content[0] == UInt8(ascii: "1") || content[0] == UInt8(ascii: "2")) && Checksum.luhn(content, startingAt: 24)
            && !Checksum.isRepetition(content)
    }

    /// Beneficiary identifiers of Medicare: eleven places, each a digit, a letter or either.
    private static let mbi = detector(
        "us-mbi", ["AAAAAAAAAAA", "dLdd-LLd-LLdd", "dLLd-LLd-LLdd", "dLdd-Ldd-LLdd", "dLLd-Ldd-LLdd"]
    ) { content in
        let kinds: [UInt8] = Array("CAENAENAANN".utf8)
        guard content.count == 11 else { return false }
        for (byte, kind) in zip(content, kinds) {
            let isDigit = Byte.isDigit(byte)
            let isLetter = Byte.isUpper(byte) && !excludedLetters.contains(byte)
            switch kind {
            case UInt8(ascii: "C"): guard isDigit, byte != UInt8(ascii: "0") else { return false }
            case UInt8(ascii: "N"): guard isDigit else { return false }
            case UInt8(ascii: "A"): guard isLetter else { return false }
            default: guard isDigit || isLetter else { return false }
            }
        }
        return true
    }

    private static let excludedLetters = ByteSet("SLOIBZ")

    /// Routing numbers of banks (ABA): the prefix, and weights 3, 7, 1.
    private static let routing = detector(
        "us-aba-routing", ["dddd-dddd-d"], weak: ["ddddddddd"],
        context: ContextWords("aba", "routing", "rtn", "bank")
    ) { content in
        let prefix = Checksum.number(content, 0..<2)
        return ((0...12).contains(prefix) || (21...32).contains(prefix) || (61...72).contains(prefix) || prefix == 80)
            && Checksum.weighted(content, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 && !Checksum.isRepetition(content)
    }

    private static let account = detector(
        "us-bank-account", [], confidence: Confidence.likely,
        context: ContextWords("bank account", "account number", "account no", "acct", "checking", "savings", "debit"),
        named: (8...17).map { String(repeating: "d", count: $0) })

    private static let passport = detector(
        "us-passport", [], confidence: Confidence.likely, context: ContextWords("passport", "travel document"),
        named: ["ddddddddd", "Ldddddddd"])

    /// Driving licences of the states, which have nothing in common but their length.
    private static let drivingLicence = detector(
        "us-driver-license", [], confidence: Confidence.likely,
        context: ContextWords("license", "licence", "driver", "dl#", "lic#", "permit"),
        named: (7...12).map { String(repeating: "d", count: $0) }
            + (4...14).map { "L" + String(repeating: "d", count: $0) }
            + [
                "LLdddddd", "LLddddddL", "LLddddddd", "LddddddLddddd", "LdddddddL", "ddddddddL", "dddLLdddd",
                "LLLddddddd",
            ])

    /// Canada: social insurance numbers, Luhn's check.
    private static let sin = detector(
        "ca-sin", ["ddd ddd ddd", "ddd-ddd-ddd"], confidence: Confidence.likely, weak: ["ddddddddd"],
        context: ContextWords("sin", "social insurance", "nas")
    ) { content in
        content[0] != UInt8(ascii: "0") && content[0] != UInt8(ascii: "8") && Checksum.luhn(content)
            && !Checksum.isRepetition(content)
    }
}
