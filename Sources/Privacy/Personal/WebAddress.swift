/// Addresses of the web, with a scheme, with `www.`, or names under the oldest top-level domains.
enum WebAddress {
    private static let maximum = 2048
    private static let address = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&()*+,;=%|{}")

    static let detector = Detector(
        "url", .personal, confidence: Confidence.strong,
        ["http://", "https://", "ftp://", "ftps://", "ws://", "wss://"].map { scheme in
            .literal(scheme) { text, hit, report in
                guard !Byte.isAlphanumeric(text[hit.lowerBound - 1]) else { return }
                add(hit.lowerBound, host: hit.upperBound, &text, &report)
            }
        } + [
            .literal("www.") { text, hit, report in
                let before = text[hit.lowerBound - 1]
                guard !Byte.isWord(before), before != UInt8(ascii: "/"), before != UInt8(ascii: ".") else { return }
                add(hit.lowerBound, host: hit.lowerBound, &text, &report)
            }
        ]
            + [".com", ".org", ".net", ".edu", ".gov", ".mil"].map { ending in
                .literal(ending) { text, hit, report in addBare(hit, &text, &report) }
            })

    /// - Parameter host: Where the host, or what stands in front of it and an `@`, begins.
    private static func add(_ start: Int, host: Int, _ text: inout Probe, _ report: inout Report) {
        guard isHost(host, in: &text) else { return }
        let end = end(from: host, &text, &report)
        report.add(start..<end)
    }

    private static func isHost(_ start: Int, in text: inout Probe) -> Bool {
        var host = start
        // Skips a user and a password.
        var index = start
        while index < start + 200, let byte = Optional(text[index]), byte != UInt8(ascii: "/"),
            address.contains(byte)
        {
            if byte == UInt8(ascii: "@") { host = index + 1 }
            index += 1
        }
        if DomainName.end(from: host, in: &text) != nil { return true }
        if text[host] == UInt8(ascii: "[") { return Byte.isHex(text[host + 1]) || text[host + 1] == UInt8(ascii: ":") }
        return NetworkAddress.version4End(from: host, in: &text) != nil
    }

    /// The end of an address: signs that rather end the sentence are left out.
    private static func end(from start: Int, _ text: inout Probe, _ report: inout Report) -> Int {
        var end = start
        while true {
            end = report.addressRun.end(of: address, from: end, limit: max(0, start + maximum - end), in: &text)
            // Letters beyond ASCII belong to it, as people paste them.
            guard end < start + maximum, Byte.isBeyondASCII(text[end]) else { break }
            while end < start + maximum, Byte.isBeyondASCII(text[end]) { end += 1 }
        }
        while end > start, trailing.contains(text[end - 1]) {
            if text[end - 1] == UInt8(ascii: ")"), opensBracket(start..<end, in: &text) { break }
            end -= 1
        }
        return end
    }

    private static let trailing = ByteSet(".,;:!?)]}|*")

    /// Whether the bracket that ends a range begins in its last bytes.
    private static func opensBracket(_ range: Range<Int>, in text: inout Probe) -> Bool {
        for index in max(range.lowerBound, range.upperBound - 80)..<range.upperBound
        where text[index] == UInt8(ascii: "(") {
            return true
        }
        return false
    }

    /// `example.com`, with what comes before it and a path behind it.
    private static func addBare(_ hit: Range<Int>, _ text: inout Probe, _ report: inout Report) {
        let behind = text[hit.upperBound]
        guard !DomainName.isLabel(behind), behind != UInt8(ascii: "_"), behind != UInt8(ascii: "("),
            behind != UInt8(ascii: "@")
        else { return }
        var start = hit.lowerBound
        while start > hit.lowerBound - 64, DomainName.isLabel(text[start - 1]) || text[start - 1] == UInt8(ascii: ".") {
            start -= 1
        }
        while start < hit.lowerBound, !Byte.isAlphanumeric(text[start]) { start += 1 }
        let before = text[start - 1]
        guard start < hit.lowerBound, before != UInt8(ascii: "@"), before != UInt8(ascii: "/"), !Byte.isWord(before)
        else { return }
        var end = hit.upperBound
        if behind == UInt8(ascii: "."), Byte.isLower(text[end + 1]) {
            guard let whole = DomainName.end(from: start, in: &text), whole > end else { return }
            end = whole
        }
        if text[end] == UInt8(ascii: "/") || text[end] == UInt8(ascii: ":") && Byte.isDigit(text[end + 1]) {
            end = self.end(from: end, &text, &report)
        }
        report.add(start..<end, confidence: Confidence.likely)
    }
}
