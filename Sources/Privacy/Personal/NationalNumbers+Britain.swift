extension NationalNumbers {
    static let britain: [Detector] = [nino, nhs, drivingLicenceUK, postcode, passportUK, vehicleUK]

    /// National Insurance numbers: prefixes that are never given out, a suffix from A to D.
    private static let nino = detector("uk-nino", ["LLddddddL", "LL dd dd dd L", "LL dddddd L", "LL-dd-dd-dd-L"]) {
        content in
        let first = content[0]
        let second = content[1]
        guard !ByteSet("DFIQUV").contains(first), !ByteSet("DFIQUVO").contains(second),
            ByteSet("ABCD").contains(content[8])
        else { return false }
        return !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains { $0.utf8.elementsEqual([first, second]) }
    }

    /// Numbers of the National Health Service: weights 10 to 2, remainder of 11.
    private static let nhs = detector(
        "uk-nhs", [], weak: ["ddd ddd dddd", "ddd-ddd-dddd", "dddddddddd"],
        context: ContextWords("nhs", "national health", "health service")
    ) { content in
        let check = (11 - Checksum.weighted(content, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11
        return check == Checksum.digit(content, 9) && !Checksum.isRepetition(content)
    }

    /// Driving licences: five letters of the surname, the date of birth spread out, initials (DVLA).
    private static let drivingLicenceUK = detector("uk-driving-licence", ["AAAAAAAAAAAAAAAA"]) { content in
        guard content[..<5].allSatisfy({ Byte.isUpper($0) || $0 == UInt8(ascii: "9") }), Byte.isUpper(content[0]),
            content[5...10].allSatisfy(Byte.isDigit)
        else { return false }
        let month = Checksum.number(content, 6..<8)
        let isInitials = content[11...12].allSatisfy { Byte.isUpper($0) || $0 == UInt8(ascii: "9") }
        return Checksum.isDate(month: month > 50 ? month - 50 : month, day: Checksum.number(content, 8..<10))
            && isInitials && Byte.isUpper(content[14]) && Byte.isUpper(content[15])
    }

    /// Postcodes (Royal Mail, "Programmer's guide to PAF"): letters that stand in certain places only.
    private static let postcode = detector(
        "uk-postcode", ["Ld dLL", "Ldd dLL", "LLd dLL", "LLdd dLL", "LdL dLL", "LLdL dLL", "LLdddLL", "LLdLdLL"],
        confidence: Confidence.likely, weak: ["LddLL", "LdddLL", "LLddLL", "LdLdLL", "LLLdLL"],
        context: ContextWords("postcode", "post code", "postal", "address"), anyCase: false
    ) { content in
        if "GIR0AA".utf8.elementsEqual(content) { return true }
        let area = content.prefix { Byte.isUpper($0) }
        let inward = content.suffix(2)
        guard area.count <= 2, !ByteSet("QVX").contains(content[0]),
            inward.allSatisfy({ !ByteSet("CIKMOV").contains($0) })
        else { return false }
        if area.count == 2, ByteSet("IJZ").contains(content[1]) { return false }
        let last = content[content.count - 4]
        guard Byte.isUpper(last), content.count > area.count + 4 - 1 else { return true }
        return area.count == 1
            ? ByteSet("ABCDEFGHJKPSTUW").contains(last) : ByteSet("ABEHMNPRVWXY").contains(last)
    }

    private static let passportUK = detector(
        "uk-passport", [], weak: ["LLddddddd"], context: ContextWords("passport", "travel document"))

    /// Vehicle registrations since 1963 (DVLA, INF104); the letters I and Q stand in none of these places.
    private static let vehicleUK = detector(
        "uk-vehicle-registration", [],
        weak: [
            "LLdd LLL", "LLddLLL", "LLdd-LLL", "Ld LLL", "Ldd LLL", "Lddd LLL", "LdddLLL", "LLL dL", "LLL ddL",
            "LLL dddL",
            "LLLdddL",
        ], context: ContextWords("registration", "number plate", "vehicle", "licence plate", "reg no")
    ) { content in
        guard !content.contains(UInt8(ascii: "I")), !content.contains(UInt8(ascii: "Q")) else { return false }
        guard content.count == 7, Byte.isUpper(content[1]), Byte.isDigit(content[2]), Byte.isDigit(content[3]),
            Byte.isUpper(content[4])
        else { return true }
        // The halves of the years from September 2001 on.
        let age = Checksum.number(content, 2..<4)
        return (2...29).contains(age) || (51...79).contains(age)
    }
}
