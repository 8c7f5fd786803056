/// A password in the settings of .NET: `<add key="Password" value="…" />`.
enum MarkupPassword {
    static let detector = Detector(
        "nuget-config-password", .secret, confidence: Confidence.weak,
        [
            .literal("password\" value=\"") { text, hit, report in
                let start = hit.upperBound
                var end = start
                while end < start + 200, text[end] != UInt8(ascii: "\""), text[end] >= 0x20 { end += 1 }
                let value = text.bytes(start..<end)
                guard value.count >= 8, text[end] == UInt8(ascii: "\""),
                    !(value.first == UInt8(ascii: "%") && value.last == UInt8(ascii: "%")),
                    value.first != UInt8(ascii: "$"), !namesItself(text.bytes(start..<end)),
                    Entropy.bits(of: value) >= 2
                else { return }
                report.add(start..<end)
            }
        ])

    /// Whether the value has the word `password` in it: documentation, most often.
    private static func namesItself(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        let word = Array("password".utf8)
        guard value.count >= word.count else { return false }
        return (0...value.count - word.count).contains { start in
            word.indices.allSatisfy { Byte.lowercased(value[start + $0]) == word[$0] }
        }
    }
}

/// The mark of a key file of Google Cloud.
enum ServiceAccount {
    static let detector = Detector(
        "gcp-service-account", .secret, confidence: Confidence.likely,
        [
            .literal("\"service_account\"") { text, hit, report in
                var index = hit.lowerBound - 1
                while index > hit.lowerBound - 8, Byte.isSpace(text[index]) || text[index] == UInt8(ascii: ":") {
                    index -= 1
                }
                guard text.matches("\"type\"", at: index - 5) else { return }
                report.add(hit)
            }
        ])
}

/// An app's number, a bar, and its token, near the name of Facebook.
enum FacebookToken {
    private static let shape = Shape("\\d{15,16}[|%][0-9A-Za-z_-]{27,40}")

    static let detector = Detector(
        "facebook-access-token", .secret, confidence: Confidence.strong,
        [
            .literal("facebook") { text, hit, report in
                for start in hit.upperBound..<hit.upperBound + 48
                where Byte.isDigit(text[start]) && !Byte.isAlphanumeric(text[start - 1]) {
                    guard let end = shape.end(in: &text, from: start) else { return }
                    report.add(start..<end)
                    return
                }
            }
        ])
}
