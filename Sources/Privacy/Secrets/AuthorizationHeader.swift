/// Credentials of HTTP's Authorization header (RFC 6750, RFC 7617), with the header's name or without it.
enum AuthorizationHeader {
    private static let tokenBytes = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=%|:")
    private static let maximumToken = 4096

    static let bearer = Detector(
        "bearer-token", .secret, confidence: Confidence.strong,
        [
            .literal("bearer") { text, hit, report in
                let start = text.skipSpaces(hit.upperBound, limit: 4)
                guard start > hit.upperBound, !Byte.isLetter(text[hit.lowerBound - 1]) else { return }
                let end = report.valueRun.end(of: tokenBytes, from: start, limit: maximumToken, in: &text)
                let token = text.bytes(start..<end)
                guard token.count >= 16, token.contains(where: Byte.isDigit), Entropy.bits(of: token) >= 3,
                    !Placeholder.isLikely(token)
                else { return }
                report.add(start..<end)
            }
        ])

    static let basic = Detector(
        "basic-credentials", .secret, confidence: Confidence.strong,
        [
            .literal("basic") { text, hit, report in
                let start = text.skipSpaces(hit.upperBound, limit: 4)
                guard start > hit.upperBound, !Byte.isLetter(text[hit.lowerBound - 1]) else { return }
                let end = text.end(of: Base64Text.alphabet, from: start, limit: 512)
                guard end - start >= 8, let decoded = Base64Text.decode(text.bytes(start..<end)),
                    let colon = decoded.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon < decoded.count - 1
                else { return }
                report.add(start..<end)
            }
        ])
}
