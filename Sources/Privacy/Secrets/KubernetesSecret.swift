/// Values under `data:` in a manifest of `kind: Secret`.
enum KubernetesSecret {
    private static let maximumDistance = 400
    private static let value = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")

    static let detector = Detector(
        "kubernetes-secret", .secret, confidence: Confidence.strong,
        [
            .literal("kind:") { text, hit, report in
                var index = text.skipSpaces(hit.upperBound, limit: 4)
                if Byte.isQuote(text[index]) { index += 1 }
                guard text.matches("secret", at: index), !Byte.isWord(text[index + 6]) else { return }
                if let data = data(from: index + 6, in: &text) {
                    addValues(behind: data, &text, &report)
                } else if let data = data(before: hit.lowerBound, in: &text) {
                    addValues(behind: data, &text, &report)
                }
            }
        ])

    /// Behind the next `data:` of the same document.
    private static func data(from start: Int, in text: inout Probe) -> Int? {
        for index in start..<start + maximumDistance {
            let byte = text[index]
            if byte == UInt8(ascii: "-"), text.matches("\n---", at: index - 1) { return nil }
            if byte == UInt8(ascii: "d"), isData(at: index, in: &text) { return index + 5 }
            if byte == 0, !text.has(index) { return nil }
        }
        return nil
    }

    private static func data(before start: Int, in text: inout Probe) -> Int? {
        var index = start - 1
        while index > start - maximumDistance, text.has(index) {
            if text[index] == UInt8(ascii: "-"), text.matches("\n---", at: index - 1) { return nil }
            if text[index] == UInt8(ascii: "d"), isData(at: index, in: &text) { return index + 5 }
            index -= 1
        }
        return nil
    }

    private static func isData(at index: Int, in text: inout Probe) -> Bool {
        text.matches("data:", at: index) && !Byte.isAlphanumeric(text[index - 1])
    }

    /// Adds the base64 values of the lines that follow, as long as they are `name: value`.
    private static func addValues(behind start: Int, _ text: inout Probe, _ report: inout Report) {
        var index = start
        while index < start + 8 * 1024 {
            index = text.skipSpaces(index, limit: 200)
            if text[index] == UInt8(ascii: "#") {
                while index < start + 8 * 1024, text[index] != 0x0A, text.has(index) { index += 1 }
                continue
            }
            let name = index
            while index < name + 100, Byte.isWord(text[index]) || text[index] == 0x2D || text[index] == 0x2E {
                index += 1
            }
            guard index > name, text[index] == UInt8(ascii: ":") else { return }
            index = text.skipSpaces(index + 1, limit: 1)
            if text[index] == UInt8(ascii: "|") || text[index] == UInt8(ascii: ">") {
                index = text.skipSpaces(index + 1, limit: 40)
            }
            if Byte.isQuote(text[index]) { index += 1 }
            let end = text.end(of: value, from: index, limit: 6000)
            guard end - index >= 10 else { return }
            report.add(index..<end)
            index = Byte.isQuote(text[end]) ? end + 1 : end
        }
    }
}
