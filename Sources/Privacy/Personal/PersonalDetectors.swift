/// Everything that finds personal data.
enum PersonalDetectors {
    /// In the order that decides between findings of one rank.
    static let all: [Detector] =
        [
            EmailAddress.detector, IBAN.detector, CryptoAddress.detector, PaymentCard.detector, NetworkAddress.mac,
            NetworkAddress.ip, WebAddress.detector,
        ] + NationalNumbers.america + NationalNumbers.britain + NationalNumbers.germany + NationalNumbers.europe
        + NationalNumbers.asia + NationalNumbers.elsewhere + [
            PhoneNumber.detector, CalendarDate.birth, CalendarDate.date,
        ]
}

/// Numbers that states and their offices give to people and to what belongs to them.
enum NationalNumbers {
    /// A detector of some written forms with one rule.
    static func detector(
        _ id: String, _ patterns: [String], confidence: UInt8 = Confidence.strong, weak: [String] = [],
        context: ContextWords? = nil, anyCase: Bool = true, named: [String] = [],
        _ validate: @escaping Format.Validator = { _ in true }
    ) -> Detector {
        var triggers: [Trigger] = patterns.map {
            .format(Format($0, anyCase: anyCase, validate))
        }
        // Forms that much else has: weak alone, found with certainty where a word names them.
        triggers += weak.map {
            .format(Format($0, context: context, weak: Confidence.weak, anyCase: anyCase, validate))
        }
        // Forms that nothing confirms but a word that names them.
        triggers += named.map {
            .format(Format($0, context: context, needsContext: true, anyCase: anyCase, validate))
        }
        return Detector(id, .personal, confidence: confidence, triggers)
    }
}
