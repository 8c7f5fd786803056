/// Private keys in the armour of PEM (RFC 7468), of OpenSSH and of OpenPGP, and what is left of one without its end.
enum PrivateKey {
    static let detector = Detector(
        "private-key", .secret, confidence: Confidence.certain,
        [
            .literal("-----begin") { text, hit, report in
                guard let body = bodyStart(behind: hit.upperBound, in: &text) else { return }
                let end = end(from: body, in: &text)
                // A header alone tells nothing.
                guard end > body + 32 else { return }
                report.add(hit.lowerBound..<end)
            }
        ])

    private static let label = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _")
    /// What a key's body is made of, with line breaks that were escaped and the headers of old armours.
    private static let body = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\\:.,()@<> \t\r\n\"'")
    private static let dash = UInt8(ascii: "-")

    /// Where the body begins if the label of the armour's first line ends in `PRIVATE KEY`.
    private static func bodyStart(behind start: Int, in text: inout Probe) -> Int? {
        let end = text.end(of: label, from: start, limit: 80)
        guard text.matches("-----", at: end) else { return nil }
        let isKey = text.matches("private key", at: end - 11)
        guard isKey || text.matches("private key block", at: end - 17) else { return nil }
        return end + 5
    }

    /// The end of the armour's last line; without one, of the body.
    ///
    /// The next five dashes end the search, whatever they belong to, so that no text is searched twice.
    private static func end(from start: Int, in text: inout Probe) -> Int {
        var index = start
        let limit = start + Reach.forward
        while index < limit, text.has(index) {
            guard text[index] == dash else {
                guard body.contains(text[index]) else { break }
                index += 1
                continue
            }
            guard text.matches("-----end", at: index) else {
                // A dash within a header of the armour, as `Proc-Type`.
                guard text[index + 1] != dash else { break }
                index += 1
                continue
            }
            let end = text.end(of: label, from: index + 8, limit: 80)
            return text.matches("-----", at: end) ? end + 5 : end
        }
        return index
    }
}
