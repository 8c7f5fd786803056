/// Numbers as people read them.
enum Measure {
    /// `105964808` is `101.1 MiB`.
    static func bytes(_ count: Int64) -> String {
        var units = ["KiB", "MiB", "GiB", "TiB"][...]
        guard count >= 1024, var unit = units.popFirst() else { return "\(count) B" }
        var tenths = count * 10 / 1024
        while tenths >= 10_240, let next = units.popFirst() {
            tenths /= 1024
            unit = next
        }
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// Microseconds as milliseconds.
    static func milliseconds(_ microseconds: Int64) -> String {
        let rest = String(microseconds.magnitude % 1000)
        let sign = microseconds < 0 ? "-" : ""
        return "\(sign)\(microseconds.magnitude / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) ms"
    }

    /// `1 trace`, `2 traces`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
