extension SettingType where Value == Bool {
    /// On or off.
    static var bool: SettingType<Bool> {
        SettingType(
            "bool",
            allowed: "1 or 0 (also true, false, yes, no, on, off)",
            canonical: { $0 ? "1" : "0" },
            parse: { (text: String) throws(SettingFault) -> Bool in
                switch text.lowercased() {
                case "1", "true", "yes", "on": return true
                case "0", "false", "no", "off": return false
                default: throw SettingFault("not a switch")
                }
            }
        )
    }
}

extension SettingType where Value == Int {
    /// A whole number within a range.
    static func int(_ range: ClosedRange<Int>) -> SettingType<Int> {
        wholeNumber("int", range)
    }

    /// A TCP port; 0 leaves the choice to the system.
    static var port: SettingType<Int> {
        wholeNumber("port", 0...65_535)
    }

    private static func wholeNumber(_ name: String, _ range: ClosedRange<Int>) -> SettingType<Int> {
        SettingType(
            name,
            allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            canonical: { String($0) },
            parse: { (text: String) throws(SettingFault) -> Int in
                let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
                guard !digits.isEmpty, digits.utf8.allSatisfy(ASCII.isDigit) else {
                    throw SettingFault("not a whole number")
                }
                guard let value = Int(text), range.contains(value) else {
                    throw SettingFault("out of range")
                }
                return value
            }
        )
    }
}

extension SettingType where Value == Double {
    /// A plain decimal number within a range.
    static func ratio(_ range: ClosedRange<Double>) -> SettingType<Double> {
        SettingType(
            "ratio",
            allowed: "a decimal number from \(range.lowerBound) to \(range.upperBound)",
            canonical: { String($0) },
            parse: { (text: String) throws(SettingFault) -> Double in
                guard let number = DecimalText(text), let value = Double(number.text) else {
                    throw SettingFault("not a decimal number")
                }
                guard range.contains(value) else { throw SettingFault("out of range") }
                return value
            }
        )
    }
}

extension SettingType where Value == Duration {
    /// A number of seconds, exact to the nanosecond.
    static func seconds(_ range: ClosedRange<Duration>) -> SettingType<Duration> {
        SettingType(
            "seconds",
            allowed: "a number of seconds from \(decimal(range.lowerBound)) to \(decimal(range.upperBound)), "
                + "such as 30 or 0.5",
            canonical: decimal,
            parse: { (text: String) throws(SettingFault) -> Duration in
                guard let number = DecimalText(text) else { throw SettingFault("not a number of seconds") }
                guard let value = number.seconds else { throw SettingFault("out of range, or too finely divided") }
                guard range.contains(value) else { throw SettingFault("out of range") }
                return value
            }
        )
    }

    @Sendable
    private static func decimal(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds != 0 else { return String(seconds) }
        let digits = String(attoseconds)
        let fraction = String(repeating: "0", count: 18 - digits.count) + digits
        return "\(seconds)." + fraction.dropLast { $0 == "0" }
    }
}
