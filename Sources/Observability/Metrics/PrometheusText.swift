/// Appends parts of the text exposition format to a byte buffer.
enum PrometheusText {
    /// One sample line: `name{labels} value`, without braces where there are no labels.
    static func appendSample(_ name: String, labels: String, value: Double, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: labels.utf8)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: number(value).utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The shortest text that reads back as the same number; whole numbers have no fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }
}
