/// A user and a password in an address: `postgres://user:password@host`.
enum ConnectionString {
    static let detector = Detector(
        "connection-string", .secret, confidence: Confidence.certain,
        [
            .literal("://") { text, hit, report in
                guard Byte.isAlphanumeric(text[hit.lowerBound - 1]) else { return }
                let start = hit.upperBound
                var colon: Int?
                var index = start
                while index < start + 200 {
                    let byte = text[index]
                    if byte == UInt8(ascii: "@") { break }
                    if byte == UInt8(ascii: ":"), colon == nil { colon = index }
                    guard userinfo.contains(byte) else { return }
                    index += 1
                }
                guard text[index] == UInt8(ascii: "@"), let colon, index > colon + 1, isHost(text[index + 1]),
                    isPassword(text.bytes(colon + 1..<index))
                else { return }
                report.add(start..<index)
            }
        ])

    /// Bytes of user names and passwords (RFC 3986, section 3.2.1), and those that people do not escape.
    private static let userinfo = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&()*+,;=:%#^?")

    private static func isHost(_ byte: UInt8) -> Bool {
        Byte.isAlphanumeric(byte) || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "_")
    }

    /// Whether it is more than a variable's name or three stars.
    static func isPassword(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "$"), first != UInt8(ascii: "{"),
            first != UInt8(ascii: "<"), first != UInt8(ascii: "["), bytes.contains(where: { $0 != first })
        else { return false }
        return !fillers.contains { $0.count == bytes.count && zip($0, bytes).allSatisfy { $0 == Byte.lowercased($1) } }
            && !Placeholder.isLikely(bytes)
    }

    private static let fillers = ["password", "pass", "passwd", "pwd", "token", "secret", "test", "changeme", "port"]
        .map { Array($0.utf8) }
}
