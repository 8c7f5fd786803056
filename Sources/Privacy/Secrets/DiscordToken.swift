/// Tokens of Discord's bots: the account's number in base64, a dot, a time, a dot, a signature.
enum DiscordToken {
    private static let shape = Shape("[MNO][A-Za-z0-9]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}")

    static let detector = Detector(
        "discord-bot-token", .secret, confidence: Confidence.certain,
        [
            .word(WordForm(lengths: 24...28, isDigit: false)) { text, hit, report in
                guard text[hit.upperBound] == UInt8(ascii: "."), !Byte.isWord(text[hit.lowerBound - 1]),
                    let end = shape.end(in: &text, from: hit.lowerBound),
                    Entropy.bits(of: text.bytes(hit.lowerBound..<end)) >= 3.5
                else { return }
                report.add(hit.lowerBound..<end)
            }
        ])
}
