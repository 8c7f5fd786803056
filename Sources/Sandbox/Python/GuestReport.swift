import OrchCore

/// What `guest.py` says at the end of standard error, behind a mark that the launcher has drawn.
struct GuestReport: Hashable {
    var value: String?
    var failure: String?
    var limit: SandboxRun.Limit?

    /// Takes the report off the end of what was written to standard error; nil where there is none.
    init?(takenFrom errors: inout [UInt8], mark: String) {
        let mark = [0x1E] + Array(mark.utf8) + [UInt8(ascii: "\n")]
        guard errors.count >= mark.count,
            let start = (0...(errors.count - mark.count)).reversed().first(where: {
                errors[$0] == 0x1E && errors[$0...].starts(with: mark)
            })
        else { return nil }
        for line in errors[(start + mark.count)...].split(separator: UInt8(ascii: "\n")) {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")),
                let bytes = Hexadecimal.decode(String(decoding: line[line.index(after: equals)...], as: UTF8.self))
            else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            switch String(decoding: line[..<equals], as: UTF8.self) {
            case "value": value = text
            case "error": failure = text
            case "limit": limit = SandboxRun.Limit(rawValue: text)
            default: continue
            }
        }
        errors.removeSubrange(start...)
    }
}
