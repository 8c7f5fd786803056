/// Payment cards: Luhn's check, and the ranges that card schemes give out (ISO/IEC 7812).
enum PaymentCard {
    static let detector = Detector(
        "card", .personal, confidence: Confidence.strong,
        [
            .word(WordForm(lengths: 4...19, isDigit: true)) { text, hit, report in
                let before = text[hit.lowerBound - 1]
                guard hit.count == 4 || hit.count == 6 || hit.count >= 12, before != UInt8(ascii: "_"),
                    !(isSeparator(before) && Byte.isDigit(text[hit.lowerBound - 2]))
                else { return }
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 19) { digits in
                    guard let (end, count) = read(from: hit.lowerBound, into: digits, &text) else { return }
                    let content = UnsafeBufferPointer(rebasing: digits[..<count])
                    guard isIssued(content), Checksum.luhn(content), !Checksum.isRepetition(content) else { return }
                    report.add(hit.lowerBound..<end)
                }
            }
        ])

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == 0x20
    }

    /// Reads 12 to 19 digits in one piece, or in groups of four to six with one kind of separator.
    private static func read(
        from start: Int, into digits: UnsafeMutableBufferPointer<UInt8>, _ text: inout Probe
    ) -> (end: Int, count: Int)? {
        var count = 0
        var index = start
        var group = 0
        var separator: UInt8 = 0
        while true {
            let byte = text[index]
            if Byte.isDigit(byte) {
                guard count < 19 else { return nil }
                digits[count] = byte
                count += 1
                group += 1
                index += 1
                continue
            }
            guard byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."),
                separator == 0 || separator == byte, group == 4 || group == 6, count < 16,
                Byte.isDigit(text[index + 1]), Byte.isDigit(text[index + 2])
            else { break }
            separator = byte
            group = 0
            index += 1
        }
        guard count >= 12, !Byte.isWord(text[index]), separator == 0 || group >= 3,
            !(text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: ".")) || !Byte.isDigit(text[index + 1])
        else { return nil }
        return (index, count)
    }

    private static func isIssued(_ content: Checksum.Content) -> Bool {
        let two = Checksum.number(content, 0..<2)
        let four = Checksum.number(content, 0..<4)
        switch content.count {
        case 13: return two / 10 == 4
        case 14: return two == 36 || two == 38 || two == 39 || (300...305).contains(four / 10) || four / 10 == 309
        case 15: return two == 34 || two == 37 || two / 10 == 1 || four == 1800 || four == 2131
        case 16:
            return two / 10 == 4 || (51...55).contains(two) || (2221...2720).contains(four)
                || (3528...3589).contains(four)
                || isMaestro(two)
        case 19: return two / 10 == 4 || isMaestro(two)
        case 12, 17, 18: return isMaestro(two)
        default: return false
        }
    }

    /// Maestro, Discover, UnionPay, RuPay and others that begin with 5 or 6.
    private static func isMaestro(_ two: Int) -> Bool { two == 50 || (56...69).contains(two) }
}

/// International bank account numbers (ISO 13616): the country's length, and the check over all of it.
enum IBAN {
    static let detector = Detector(
        "iban", .personal, confidence: Confidence.certain,
        [
            .word(WordForm(lengths: 4...34, isDigit: false)) { text, hit, report in
                let start = hit.lowerBound
                guard Byte.isLetter(text[start + 1]), Byte.isDigit(text[start + 2]),
                    Byte.isDigit(text[start + 3]), !Byte.isWord(text[start - 1]),
                    let length = length(Byte.uppercased(text[start]), Byte.uppercased(text[start + 1]))
                else { return }
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 34) { content in
                    var count = 0
                    var index = start
                    while count < length {
                        let byte = text[index]
                        if Byte.isAlphanumeric(byte) {
                            content[count] = Byte.uppercased(byte)
                            count += 1
                        } else if !(byte == 0x20 || byte == UInt8(ascii: "-")) || !Byte.isAlphanumeric(text[index + 1])
                        {
                            return
                        }
                        index += 1
                    }
                    guard !Byte.isWord(text[index]),
                        Checksum.mod97(UnsafeBufferPointer(rebasing: content[..<count]))
                    else { return }
                    report.add(start..<index)
                }
            }
        ])

    /// The country's length by its two letters.
    private static func length(_ first: UInt8, _ second: UInt8) -> Int? {
        lengths[UInt16(first) << 8 | UInt16(second)]
    }

    /// From the registry of IBAN formats.
    private static let lengths: [UInt16: Int] = {
        let table = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
            EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
            KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 \
            PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
            UA29 VA22 VG24 XK20 YE30
            """
        var lengths: [UInt16: Int] = [:]
        for entry in table.split(separator: " ") {
            let bytes = Array(entry.utf8)
            lengths[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = Int(entry.dropFirst(2))
        }
        return lengths
    }()
}
