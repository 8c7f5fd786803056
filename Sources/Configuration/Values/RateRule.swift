/// So many requests in a window of time.
package struct RateRule: Sendable, Hashable, CustomStringConvertible {
    /// A window's length.
    package enum Unit: String, Sendable, CaseIterable {
        case second, minute, hour, day

        /// The length as a duration.
        package var duration: Duration {
            switch self {
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3_600)
            case .day: .seconds(86_400)
            }
        }
    }

    /// How many requests the window lets through, at least one.
    package let count: Int
    /// The window.
    package let unit: Unit

    package init(count: Int, per unit: Unit) {
        self.count = count
        self.unit = unit
    }

    package var description: String { "\(count) per \(unit.rawValue)" }

    /// Reads `60 per minute` or `60/minute`, the unit in singular or plural.
    init(_ text: String) throws(SettingFault) {
        let words = text.lowercased().replacing("/", with: " per ").split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[1] == "per", words[0].utf8.allSatisfy(ASCII.isDigit) else {
            throw SettingFault("not of the form \"60 per minute\"")
        }
        let singular = words[2].hasSuffix("s") ? words[2].dropLast() : words[2]
        guard let unit = Unit(rawValue: String(singular)) else { throw SettingFault("the unit is not known") }
        guard let count = Int(words[0]), (1...1_000_000_000).contains(count) else {
            throw SettingFault("the number is out of range")
        }
        self.init(count: count, per: unit)
    }
}

extension SettingType where Value == [RateRule] {
    /// Limits that all apply, one for each unit at most.
    static var rate: SettingType<[RateRule]> {
        SettingType(
            "rate",
            allowed: "N per second, minute, hour or day, N from 1 to 1000000000, several joined by \";\", "
                + "such as \"60 per minute; 5 per second\"",
            canonical: { $0.map(\.description).joined(separator: "; ") },
            parse: { (text: String) throws(SettingFault) -> [RateRule] in
                var rules: [RateRule] = []
                for part in text.split(separator: ";", omittingEmptySubsequences: false) {
                    let rule = try RateRule(part.trimmed)
                    guard !rules.contains(where: { $0.unit == rule.unit }) else {
                        throw SettingFault("it limits the same unit twice")
                    }
                    rules.append(rule)
                }
                return rules
            }
        )
    }
}
