extension NationalNumbers {
    static let asia: [Detector] = [
        aadhaar, pan, gstin, passportIN, voter, vehicleIN, residentKR, businessKR, passportKR, drivingLicenceKR, nric,
        nricForm, uen,
        nationalIdTH, tinPH,
    ]

    /// India: twelve digits, the first from 2 on, Verhoeff's check; none that reads the same backwards.
    private static let aadhaar = detector(
        "in-aadhaar", ["dddddddddddd", "dddd dddd dddd", "dddd-dddd-dddd", "dddd:dddd:dddd"],
        confidence: Confidence.likely
    ) { content in
        content[0] >= UInt8(ascii: "2") && Checksum.verhoeff(content) && !content.elementsEqual(content.reversed())
    }

    private static let pan = detector("in-pan", ["LLLLLddddL"], confidence: Confidence.likely)

    /// State, PAN, entity, Z, check.
    private static let gstin = detector("in-gstin", ["AAAAAAAAAAAAAAA"]) { content in
        guard content[..<2].allSatisfy(Byte.isDigit), (1...37).contains(Checksum.number(content, 0..<2)) else {
            return false
        }
        return content[2..<7].allSatisfy(Byte.isUpper) && content[7..<11].allSatisfy(Byte.isDigit)
            && Byte.isUpper(content[11]) && content[12] != UInt8(ascii: "0") && content[13] == UInt8(ascii: "Z")
    }

    private static let passportIN = detector(
        "in-passport", [], weak: ["Lddddddd"], context: ContextWords("passport")
    ) { content in
        content[1] != UInt8(ascii: "0") && content[7] != UInt8(ascii: "0") && !ByteSet("QXZ").contains(content[0])
    }

    private static let voter = detector(
        "in-voter", [], weak: ["LLLddddddd"], context: ContextWords("voter", "vote", "epic", "election"))

    private static let vehicleIN = detector(
        "in-vehicle-registration", [], confidence: Confidence.strong,
        weak: [
            "LLddLLdddd", "LLddLdddd", "LLdLLLdddd", "LLdLLdddd", "LLdddd", "LLddLLLdddd", "LL dd LL dddd",
            "LL-dd-LL-dddd",
        ],
        context: ContextWords("vehicle", "registration", "number plate", "rto"), anyCase: false
    ) { content in
        let states = "ANAPARASBRCGCHDDDLDNGAGJHPHRJHJKKAKLLALDMHMLMNMPMZNLODORPBPYRJSKTNTRTSUKUPWB"
        let bytes = Array(states.utf8)
        return stride(from: 0, to: bytes.count, by: 2).contains {
            bytes[$0] == content[0] && bytes[$0 + 1] == content[1]
        }
    }

    /// Korea: residents and foreigners, date of birth and a digit for century and sex.
    private static let residentKR = detector(
        "kr-rrn", ["dddddd-ddddddd"], weak: ["ddddddddddddd"],
        context: ContextWords("rrn", "frn", "korean", "주민등록", "외국인등록")
    ) { content in
        content[6] >= UInt8(ascii: "1") && content[6] <= UInt8(ascii: "8")
            && Checksum.isDate(month: Checksum.number(content, 2..<4), day: Checksum.number(content, 4..<6))
            && Checksum.number(content, 7..<9) <= 96
    }

    /// Business numbers: weights 1, 3, 7, and five times the ninth digit by its tens.
    private static let businessKR = detector("kr-brn", ["ddd-dd-ddddd"]) { content in
        let sum = Checksum.weighted(content, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Checksum.digit(content, 8) * 5 / 10
        return (10 - sum % 10) % 10 == Checksum.digit(content, 9)
    }

    private static let passportKR = detector(
        "kr-passport", [], weak: ["LdddLdddd", "Ldddddddd"], context: ContextWords("passport", "여권")
    ) { content in ByteSet("MSRODG").contains(content[0]) }

    private static let drivingLicenceKR = detector("kr-driving-licence", ["dd-dd-dddddd-dd"]) { content in
        (11...28).contains(Checksum.number(content, 0..<2))
    }

    /// Singapore: weights 2, 7, 6, 5, 4, 3, 2 and an offset by the series.
    private static let nric = detector("sg-nric", ["LdddddddL"]) { content in
        guard let series = "STFGM".utf8.firstIndex(of: content[0]) else { return false }
        let place = "STFGM".utf8.distance(from: "STFGM".utf8.startIndex, to: series)
        let sum = Checksum.weighted(content, [2, 7, 6, 5, 4, 3, 2], from: 1) + [0, 4, 0, 4, 3][place]
        let letters = Array((place < 2 ? "JZIHGFEDCBA" : place < 4 ? "XWUTRQPNMLK" : "KLJNPQRTUWX").utf8)
        let remainder = place == 4 ? 10 - sum % 11 : sum % 11
        return content[8] == letters[remainder]
    }

    /// The same form with a check that is wrong.
    private static let nricForm = detector(
        "sg-nric", [], weak: ["LdddddddL"], context: ContextWords("nric", "fin")
    ) { content in ByteSet("STFGM").contains(content[0]) && !ByteSet("OSYV").contains(content[8]) }

    /// Singapore's entities: businesses, companies by year, and others by year and kind.
    private static let uen = detector(
        "sg-uen", ["ddddddddL", "dddddddddL", "LddLLddddL"], confidence: Confidence.likely
    ) {
        content in
        switch content.count {
        case 9:
            let sum = Checksum.weighted(content, [10, 4, 9, 3, 8, 2, 7, 1])
            return content[8] == Array("XMKECAWLJDB".utf8)[sum % 11]
        case 10 where Byte.isDigit(content[0]):
            let sum = Checksum.weighted(content, [10, 8, 6, 4, 9, 7, 5, 3, 1])
            return content[9] == Array("ZKCMDNERGWH".utf8)[sum % 11]
                && (1800...2099).contains(Checksum.number(content, 0..<4))
        default:
            return ByteSet("RST").contains(content[0])
        }
    }

    /// Thailand: thirteen digits, weights 13 to 2, and provinces that there are.
    private static let nationalIdTH = detector(
        "th-national-id", ["ddddddddddddd", "d-dddd-ddddd-dd-d", "d dddd ddddd dd d"], confidence: Confidence.likely
    ) { content in
        let province = Checksum.number(content, 1..<3)
        guard content[0] != UInt8(ascii: "0"), content[0] != UInt8(ascii: "9"),
            [10...27, 30...39, 40...49, 50...58, 60...67, 70...77, 80...86, 90...96].contains(where: {
                $0.contains(province)
            })
        else { return false }
        let sum = Checksum.weighted(content, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
        return (11 - sum % 11) % 10 == Checksum.digit(content, 12)
    }

    private static let tinPH = detector(
        "ph-tin", [], context: ContextWords("tin", "bir", "taxpayer"),
        named: ["ddd-ddd-ddd", "ddd-ddd-ddd-ddd", "ddd-ddd-ddd-ddddd", "dddddddddddd", "ddddddddd"])
}
