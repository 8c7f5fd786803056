import OrchCore

extension EscapeAttempt {
    /// The battery, which knows all attempts.
    static var battery: String { String(decoding: PackageResources.battery_py, as: UTF8.self) }

    /// What Python is given as `-c` to make this attempt: one argument, so that Linux bounds it to 128 KiB.
    package func program(_ fixture: BatteryFixture) -> String {
        // The fixture holds texts, numbers and lists of them, which Python writes as JSON does.
        let fixture = String(decoding: JSONValue.object(fixture.json).serialized, as: UTF8.self)
        return "\(Self.battery)\nattempt(\"\(name)\", \(fixture))\n"
    }
}
